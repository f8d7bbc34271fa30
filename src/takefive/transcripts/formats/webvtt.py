"""WebVTT (W3C): voice tags, cue settings, notes, styles, and the rolling captions that video sites make."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from takefive.transcripts.clean import spoken
from takefive.transcripts.formats.cues import Cue, cues, with_heads
from takefive.transcripts.formats.srt import clock, timed
from takefive.transcripts.language import tag
from takefive.transcripts.times import mended
from takefive.transcripts.values import Segment, TimedText

_NOT_CUES = re.compile(r"^(?:NOTE|STYLE|REGION)(?:[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^<>]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:c|i|b|u|s|v|lang|ruby|rt|font|span)\b[^<>]*>|<\d[\d:.]*>", re.IGNORECASE)
_ROLLING = re.compile(r"<\d\d:\d\d(?::\d\d)?\.\d{3}>")
_SURE = "NOTE Speakers stand in voice tags only."
"""What we write stands so; then "Note: ..." at the head of a text is no name."""
_LANGUAGE = re.compile(r"^(?:X-)?Language:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def read(text: str) -> TimedText:
    """The cues of a WebVTT file; a cue with two voices gives two segments."""
    head, *blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip("\n"))
    lines = [
        line
        for block in [head, *blocks]
        if not _NOT_CUES.match(block.split("\n", 1)[0])
        for line in [*block.split("\n"), ""]
    ]
    rolling = bool(_ROLLING.search(text))
    found: list[Segment] = []
    shown = ""
    for cue in cues(lines):
        if rolling:
            cue.lines = [line for line in cue.lines if (words := spoken(_TAG.sub("", line))) and words != shown]
            shown = spoken(_TAG.sub("", cue.lines[-1])) if cue.lines else shown
        found.extend(_voices(cue))
    language = _LANGUAGE.search(head)
    ours = any(block.strip() == _SURE for block in blocks[:1])
    return TimedText(
        segments=mended(found) if ours else with_heads(found), language=tag(language[1]) if language else None
    )


def _voices(cue: Cue) -> Iterator[Segment]:
    """One segment for each voice of a cue, the time shared out by words."""
    first, *rest = _VOICE.split(" ".join(cue.lines))
    pieces: list[tuple[str | None, str]] = [(None, first), *zip(rest[::2], rest[1::2], strict=True)]
    said = [(name, words) for name, raw in pieces if (words := spoken(_TAG.sub("", raw)))]
    count, done = sum(len(words.split()) for _, words in said), 0
    for name, words in said:
        start, end = (_share(cue, at / count) for at in (done, done + len(words.split())))
        done += len(words.split())
        yield Segment(text=words, start=start, end=end, speaker=spoken(name) or None if name else None)


def _share(cue: Cue, part: float) -> float | None:
    if cue.start is None or cue.end is None or part == 0:
        return cue.start
    return round(cue.start + (cue.end - cue.start) * part, 3)


def write(text: TimedText) -> str:
    """WebVTT with a voice tag on every cue whose speaker is known."""
    blocks = ["WEBVTT\n" + (f"Language: {text.language}\n" if text.language else ""), f"{_SURE}\n"]
    for segment, (start, end) in timed(text.segments):
        voice = f"<v {html.escape(segment.speaker, quote=False)}>" if segment.speaker else ""
        blocks.append(f"{clock(start, '.')} --> {clock(end, '.')}\n{voice}{html.escape(segment.text, quote=False)}\n")
    return "\n".join(blocks)
