"""What WebVTT and SRT share: timed blocks of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from takefive.transcripts.clean import spoken
from takefive.transcripts.names import NAME, cleaned, same_people, speakers
from takefive.transcripts.times import mended, seconds
from takefive.transcripts.values import Segment

_CLOCK = r"-?(?:\d+:)?\d{1,3}:\d{1,2}(?:[.,:]\d{1,9})?"
TIMING = re.compile(rf"\s*({_CLOCK})\s*-{{1,2}}[ -]?>+\s*({_CLOCK})(?:\s.*)?")
_HEAD = re.compile(rf"\s*(?:-\s*)?(?:>>\s*)?({NAME}):(?:\s+|$)")


@dataclass(slots=True)
class Cue:
    """One timed block as it stands in the file; `lines` still hold tags."""

    start: float | None
    end: float | None
    lines: list[str] = field(default_factory=list)


def cues(lines: Iterable[str]) -> Iterator[Cue]:
    """Blocks from their timing lines on. The line above a timing line is its number or name, unless it belongs to the text.

    Blank lines inside a text, missing ones between blocks, repeated or missing numbers, all found in real files, do no harm.
    """
    current: Cue | None = None
    for line in lines:
        match = TIMING.fullmatch(line) if "->" in line else None
        if not match:
            if current is not None:
                current.lines.append(line)
            continue
        if current is not None:
            yield _without_next_number(current)
        current = Cue(seconds(match[1]), seconds(match[2]))
    if current is not None:
        yield current


def _without_next_number(cue: Cue) -> Cue:
    """Take away the line that names the next block: a number, or any line that stands alone after a blank one."""
    if cue.lines and (
        cue.lines[-1].strip().isdigit() or (len(cue.lines) > 1 and cue.lines[-1].strip() and not cue.lines[-2].strip())
    ):
        cue.lines.pop()
    return cue


def with_heads(found: Sequence[Segment]) -> tuple[Segment, ...]:
    """The name at the head of a text ("Name: ...") made its speaker and that of the next ones; times mended, empty ones gone."""
    heads = [_HEAD.match(segment.text) for segment in found]
    known = speakers(head[1] for head in heads if head)
    people = same_people(sorted(known))
    named: list[Segment] = []
    speaker: str | None = None
    for segment, head in zip(found, heads, strict=True):
        text, who = segment.text, segment.speaker
        if head and (head[1] in known or cleaned(head[1]) is None):
            who = speaker = cleaned(people.get(head[1], head[1]))
            text = text[head.end() :]
        who = who or (speaker if known else None)
        named.append(Segment(text=text, start=segment.start, end=segment.end, speaker=who))
    return mended([segment for segment in named if segment.text])


def plain(lines: Iterable[str], tag: re.Pattern[str]) -> str:
    """The spoken words of a block's lines."""
    return spoken(tag.sub("", " ".join(lines)))
