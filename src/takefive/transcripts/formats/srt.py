"""SubRip (SRT). No standard exists; this takes every file that has timing lines, however the rest is broken."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from takefive.transcripts.clean import spoken
from takefive.transcripts.formats.cues import Cue, cues, plain, with_heads
from takefive.transcripts.times import mended, spans
from takefive.transcripts.values import Segment, TimedText

_TAG = re.compile(r"</?(?:b|i|u|s|font|span|c|v|em|strong|br)\b[^<>]*>|\{\\?an?\d\}|\{/?[biu]\}", re.IGNORECASE)


_SURE = "\u00a0"
"""A no-break space at the head of a cue, behind the name if there is one: so we write who speaks, and know it again for sure."""
_HEAD = re.compile(rf"(?:(.{{1,80}}?):)?{_SURE}")


def read(text: str) -> TimedText:
    """The cues of an SRT file; "Name: " at the head of a cue holds until the next name."""
    found = list(cues(text.split("\n")))
    if any(cue.lines and _HEAD.match(cue.lines[0]) for cue in found):
        return TimedText(segments=mended(list(_as_written(found))))
    return TimedText(
        segments=with_heads([Segment(text=plain(cue.lines, _TAG), start=cue.start, end=cue.end) for cue in found])
    )


def _as_written(found: Sequence[Cue]) -> Iterator[Segment]:
    """Segments of a file that `write` wrote."""
    speaker: str | None = None
    for cue in found:
        if cue.lines and (head := _HEAD.match(cue.lines[0])):
            speaker, cue.lines[0] = spoken(head[1] or "") or None, cue.lines[0][head.end() :]
        if words := plain(cue.lines, _TAG):
            yield Segment(text=words, start=cue.start, end=cue.end, speaker=speaker)


def write(text: TimedText) -> str:
    """SRT with "Name: " where the speaker changes. Times that the transcript lacks are spread by words."""
    blocks = []
    before: str | None = ""
    for number, (segment, (start, end)) in enumerate(timed(text.segments), 1):
        head = f"{segment.speaker}:{_SURE}" if segment.speaker else _SURE
        said = segment.text if plain([segment.text], _TAG) == segment.text else html.escape(segment.text, quote=False)
        blocks.append(f"{number}\n{clock(start)} --> {clock(end)}\n{head if segment.speaker != before else ''}{said}\n")
        before = segment.speaker
    return "\n".join(blocks)


def timed(segments: Sequence[Segment]) -> list[tuple[Segment, tuple[float, float]]]:
    """Each segment with times to write; a transcript without any time is spread at the pace of speech."""
    counts = [len(segment.text.split()) for segment in segments]
    if segments and all(segment.start is None for segment in segments):
        first = Segment(text=segments[0].text, speaker=segments[0].speaker, start=0.0)
        return timed([first, *segments[1:]])
    return [(segment, span or (0.0, 0.0)) for segment, span in zip(segments, spans(segments, counts), strict=True)]


def clock(value: float, point: str = ",") -> str:
    """Seconds as HH:MM:SS,mmm."""
    milliseconds = round(value * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"
