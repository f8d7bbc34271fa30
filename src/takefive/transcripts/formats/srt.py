"""SubRip (SRT). No standard exists; this takes every file that has timing lines, however the rest is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence

from takefive.transcripts.formats.cues import cues, plain, with_heads
from takefive.transcripts.times import spans
from takefive.transcripts.values import Segment, TimedText

_TAG = re.compile(r"</?(?:b|i|u|s|font|span|c|v|em|strong|br)\b[^<>]*>|\{\\?an?\d\}|\{/?[biu]\}", re.IGNORECASE)


def read(text: str) -> TimedText:
    """The cues of an SRT file; "Name: " at the head of a cue holds until the next name."""
    found = [Segment(text=plain(cue.lines, _TAG), start=cue.start, end=cue.end) for cue in cues(text.split("\n"))]
    return TimedText(segments=with_heads(found))


def write(text: TimedText) -> str:
    """SRT with "Name: " where the speaker changes. Times that the transcript lacks are spread by words."""
    blocks = []
    before: str | None = None
    for number, (segment, (start, end)) in enumerate(timed(text.segments), 1):
        head = f"{segment.speaker}: " if segment.speaker and segment.speaker != before else ""
        before = segment.speaker
        blocks.append(f"{number}\n{clock(start)} --> {clock(end)}\n{head}{segment.text}\n")
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
