"""Who speaks when, by the sound of voices, behind a port; and whose voice it is, only where something shows it.

A diariser tells turns of unnamed voices. They are joined to the words by their times; a voice gets a name if it says "I'm Ada
Byrne", or if the publisher's transcript has one name for nearly all that it says. A voice without a name stays unnamed: a wrong
speaker is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Protocol

import numpy as np

from takefive.transcripts.audio import Samples, unpacked
from takefive.transcripts.values import Segment, TimedText

MOSTLY = 0.8
"""Share of a voice's seconds that one name must have."""
ENOUGH = 20.0
"""Seconds in which a voice and a name must meet before it is that name's voice."""
_INTRODUCED = re.compile(
    r"\b(?:I(?:['’]m| am)|(?P<surely>I(?:['’]m| am) your host,?|[Mm]y name(?:['’]s| is))) "
    r"(?P<name>[A-Z][\w'’-]+(?: (?:[a-z]{1,3} )?[A-Z][\w'’-]+){0,3})"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One voice speaks from one second to another; `voice` is its number."""

    start: float
    end: float
    voice: int


class Diariser(Protocol):
    """Whatever tells voices apart."""

    @property
    def name(self) -> str:
        """Engine and models."""

    def turns(self, samples: Samples) -> list[Turn]:
        """Who speaks when in mono samples at `audio.RATE`, shape (n,). Raises `SpeechError`."""


def heard(path: Path, text: TimedText, diariser: Diariser, persons: Sequence[str] = ()) -> TimedText:
    """The words of an audio file with the names of who says them, as far as something shows them. Raises `SpeechError`.

    The whole audio is in memory meanwhile, 230 MB for an hour: voices are compared from its beginning to its end.
    """
    with unpacked(path) as samples:
        return named(text, diariser.turns(np.divide(samples, 32_768, dtype=np.float32)), persons)


def named(text: TimedText, turns: Sequence[Turn], persons: Sequence[str] = ()) -> TimedText:
    """The same words, each segment cut where the voice changes, with the name of its voice where something shows it.

    `persons` are the people whom the feed names. Segments that bear a name already keep it.
    """
    apart = [part for segment in text.segments for part in _apart(segment, turns)]
    names = _names(apart, persons)
    return replace(
        text,
        segments=tuple(
            replace(segment, speaker=segment.speaker or names.get(voice)) if voice is not None else segment
            for segment, voice in apart
        ),
    )


Voiced = tuple[Segment, int | None]


def _apart(segment: Segment, turns: Sequence[Turn]) -> list[Voiced]:
    """A segment as one part for each voice that says of it at least a sentence's worth; its words go evenly."""
    words = segment.text.split()
    if segment.start is None or segment.end is None or not words:
        return [(segment, None)]
    step = (segment.end - segment.start) / len(words)
    middles = [segment.start + (place + 0.5) * step for place in range(len(words))]
    parts: list[Voiced] = []
    place = 0
    for voice, group in groupby(_steady([_voice(middle, turns) for middle in middles])):
        many = len(list(group))
        start, end = segment.start + place * step, segment.start + (place + many) * step
        one = replace(segment, text=" ".join(words[place : place + many]), start=round(start, 3), end=round(end, 3))
        parts.append((one, voice))
        place += many
    return parts if len(parts) > 1 else [(segment, parts[0][1])]


def _voice(second: float, turns: Iterable[Turn]) -> int | None:
    """Who speaks at a second; where two do, whose turn began last."""
    here = [turn for turn in turns if turn.start <= second < turn.end]
    return max(here, key=lambda turn: turn.start).voice if here else None


def _steady(voices: list[int | None], fewest: int = 3) -> list[int | None]:
    """The same without changes of fewer words than `fewest`, which go to the voice before (or after, at the beginning)."""
    runs = [(voice, len(list(group))) for voice, group in groupby(voices)]
    found: list[int | None] = []
    for number, (voice, many) in enumerate(runs):
        if many < fewest and len(runs) > 1:
            voice = found[-1] if found else runs[number + 1][0]
        found += [voice] * many
    return found


def _names(parts: Sequence[Voiced], persons: Sequence[str]) -> Mapping[int, str]:
    """From voices to names. A name that two voices claim is nobody's; one person left for one voice left proves nothing."""
    claims = _introduced(parts, persons)
    for voice, name in _as_published(parts).items():
        claims[voice].add(name)
    sure = {voice: next(iter(names)) for voice, names in claims.items() if len(names) == 1}
    often = Counter(sure.values())
    return {voice: name for voice, name in sure.items() if often[name] == 1}


def _introduced(parts: Sequence[Voiced], persons: Sequence[str]) -> defaultdict[int, set[str]]:
    """Who each voice says it is: the full name of the only person of the feed that fits.

    Where the feed names nobody, a full name as said, and only after "my name is": one may also be Irish American.
    """
    found: defaultdict[int, set[str]] = defaultdict(set)
    for segment, voice in parts:
        if voice is None:
            continue
        for match in _INTRODUCED.finditer(segment.text):
            said = match["name"]
            fits = [one for one in persons if one.split()[: len(said.split())] == said.split()]
            if len(fits) == 1:
                found[voice].add(fits[0])
            elif match["surely"] and " " in said and not persons:
                found[voice].add(said)
    return found


def _as_published(parts: Sequence[Voiced]) -> Mapping[int, str]:
    """The name under which nearly all of what a voice says was published."""
    seconds: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for segment, voice in parts:
        if voice is not None and segment.speaker and segment.start is not None and segment.end is not None:
            seconds[voice][segment.speaker] += segment.end - segment.start
    best = {voice: max(met.items(), key=lambda one: one[1]) for voice, met in seconds.items()}
    return {
        voice: name
        for voice, (name, met) in best.items()
        if met >= ENOUGH and met >= MOSTLY * sum(seconds[voice].values())
    }
