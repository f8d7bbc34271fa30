"""A publisher's times, moved onto the audio that listeners get: advertisements put in later move all that follows.

A few stretches of the audio are recognised. Where their words stand in the transcript tells how far its times are off there;
between two places that are off differently more is heard, by halves, until the step between them is found or the most that
may be heard is spent. What lies around a step is uncertain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.places import CLOSE, Run, Said, consistent
from takefive.transcripts.scripts import pieces
from takefive.transcripts.times import mended, spans
from takefive.transcripts.values import Segment, TimedText

STRETCH = 25.0
"""Seconds that are heard at once."""
FIRST = 5
"""Stretches that are heard in any case, evenly over the audio."""
MOST = 24
"""Stretches that are heard at most: ten minutes."""
FINE = 12.0
"""Seconds of the transcript to which a step is pinned down, if what may be heard allows it."""

APART = 5.0
"""Seconds that two lengths of one episode may differ by without anything being put in: rounding, silence at the end."""
LATE = 90.0
"""Seconds that the audio may go on after a transcript's end: music, and who made the episode."""

Hear = Callable[[float, float], Sequence[Word]]
"""The words from one second of the audio to another, their times in seconds from its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The transcript with the audio's times; `uncertain` are spans of the audio in which they may be wrong, in order.

    `steps` counts where the two drift apart, `heard` the seconds that were recognised for it.
    """

    text: TimedText
    uncertain: tuple[tuple[float, float], ...] = ()
    steps: int = 0
    heard: float = 0.0


def suspicious(text: TimedText, *, length: float | None, told: float | None) -> bool:
    """Whether lengths alone say that times may not hold: seconds of the audio as it is, and as the feed tells it.

    Without the feed's word the transcript's last second stands for it; and since the feed may tell the length with all
    advertisements, a transcript that ends long before the audio is doubted too. True where the audio does not tell its
    length.
    """
    last = max((time for one in text.segments for time in (one.start, one.end) if time is not None), default=None)
    if last is None:
        return False
    return length is None or not last - APART <= length <= last + LATE or abs(length - (told or last)) > APART


def moved(text: TimedText, hear: Hear, duration: float, *, most: int = MOST) -> Moved:
    """A transcript with times, moved onto audio of `duration` seconds that `hear` recognises, `most` stretches of it.

    Where nothing that was heard stands in the transcript, its times stay and all are uncertain. One without times stays as it
    is: there is nothing to move.
    """
    said = Said(text)
    if not said.times:
        return Moved(text=text)
    search = _Search(said, hear, duration)
    for part in range(min(FIRST, most)):
        search.hear((part + 0.5) * duration / FIRST - STRETCH / 2)
    while len(search.starts) < most and (start := search.next()) is not None:
        search.hear(start)
    heard = len(search.starts) * min(STRETCH, duration)
    if not search.runs:
        return Moved(text=text, uncertain=((0.0, max(duration, said.times[-1])),), heard=heard)
    clock = _Clock(search.runs, said)
    return Moved(text=clock.moved(text), uncertain=clock.uncertain(), steps=len(clock.steps), heard=heard)


class _Gap(NamedTuple):
    """A part of the transcript in which a step may hide, and the seconds of the audio where to listen for it."""

    first: float
    last: float
    listen: tuple[float, ...]


class _Search:
    """What was heard so far, and where to listen next."""

    def __init__(self, said: Said, hear: Hear, duration: float) -> None:
        self._said, self._hear, self._duration = said, hear, duration
        self.starts, self.runs = list[float](), list[Run]()

    def hear(self, start: float) -> None:
        """Recognise one stretch and find it in the transcript."""
        start = max(0.0, min(start, self._duration - STRETCH))
        self.starts.append(start)
        words = self._hear(start, min(start + STRETCH, self._duration))
        self.runs = consistent([*self.runs, *self._said.find(words)], self._said.tolerance)

    def next(self) -> float | None:
        """Where to listen next: in the widest part that may hide a step; None where nothing is left to find."""
        gaps = [gap for gap in self._gaps() if gap.last - gap.first > FINE]
        for gap in sorted(gaps, key=lambda gap: gap.first - gap.last):
            for start in gap.listen:
                if self._is_new(start):
                    return start
        return None

    def _gaps(self) -> Iterator[_Gap]:
        if not self.runs:
            return
        begin, end, one, other = self._said.times[0], self._said.times[-1], self.runs[0], self.runs[-1]
        # Of its beginning and its end we know one side only: there it is first taken to be off by as much.
        yield _Gap(begin, one.first, (begin + one.offset, (begin + one.first) / 2 + one.offset))
        half = (other.last + end) / 2
        yield _Gap(other.last, end, (end + other.offset - STRETCH, half + other.offset - STRETCH))
        for one, other in pairwise(self.runs):
            if abs(other.offset - one.offset) > self._said.tolerance:
                # Words that are not in the audio at all cannot be found in it.
                gone, half = max(0.0, one.offset - other.offset), (one.last + other.first) / 2
                ends = (one.last + one.offset, other.first + other.offset - STRETCH)
                yield _Gap(one.last + gone, other.first, (half + one.offset, half + other.offset - STRETCH, *ends))

    def _is_new(self, start: float) -> bool:
        inside = -STRETCH / 2 < start < self._duration - STRETCH / 2
        return inside and all(abs(start - other) > STRETCH / 3 for other in self.starts)


class _Clock:
    """From the transcript's seconds to the audio's."""

    def __init__(self, runs: Sequence[Run], said: Said) -> None:
        self._runs, self._ends = _joined(runs, said.tolerance), (said.times[0], said.times[-1])
        self.steps = [(one, other) for one, other in pairwise(self._runs)]
        marks = [(run, second) for run in self._runs for second in (run.first, run.last)]
        self._said = [second for _, second in marks]
        self._heard = [second + run.offset for run, second in marks]

    def at(self, second: float) -> float:
        """When that is in the audio; between two places that are off differently, in proportion."""
        place = bisect_right(self._said, second)
        if place == 0 or place == len(self._said):
            run = self._runs[0 if place == 0 else -1]
            return max(0.0, second + run.offset)
        low, high = self._said[place - 1], self._said[place]
        share = (second - low) / (high - low)
        return self._heard[place - 1] + share * (self._heard[place] - self._heard[place - 1])

    def moved(self, text: TimedText) -> TimedText:
        """The same words with the audio's times; a segment in which a step lies is cut there."""
        cuts = [(one.last + other.first) / 2 for one, other in self.steps]
        times = spans(text.segments, [len(pieces(segment.text)) for segment in text.segments])
        parts = [
            part
            for segment, span in zip(text.segments, times, strict=True)
            for part in (_cut(segment, span, cuts) if span else [segment])
        ]
        return replace(text, segments=mended([self._moved(part) for part in parts]))

    def _moved(self, segment: Segment) -> Segment:
        start = None if segment.start is None else round(self.at(segment.start), 3)
        end = None if segment.end is None else round(self.at(segment.end), 3)
        return replace(segment, start=start, end=end)

    def uncertain(self) -> tuple[tuple[float, float], ...]:
        """Spans of the audio in which nothing shows how far the times are off."""
        first, last = self._runs[0], self._runs[-1]
        near = FINE if not self.steps and abs(first.offset) < CLOSE else CLOSE
        spans = [(one.last + one.offset, other.first + other.offset) for one, other in self.steps]
        if first.first - self._ends[0] > near:
            spans.insert(0, (0.0, first.first + first.offset))
        if self._ends[1] - last.last > near:
            spans.append((last.last + last.offset, self._ends[1] + last.offset + FINE))
        return tuple((round(start, 1), round(max(start, end), 1)) for start, end in spans)


def _joined(runs: Sequence[Run], tolerance: float) -> list[Run]:
    """Neighbours that are off by the same time made one, its offset the median of theirs."""
    groups: list[list[Run]] = []
    for run in runs:
        if groups and abs(run.offset - groups[-1][-1].offset) <= tolerance:
            groups[-1].append(run)
        else:
            groups.append([run])
    return [
        Run(
            min(run.first for run in group),
            max(run.last for run in group),
            sorted(run.offset for run in group)[len(group) // 2],
            sum(run.words for run in group),
        )
        for group in groups
    ]


def _cut(segment: Segment, span: tuple[float, float], cuts: Sequence[float]) -> list[Segment]:
    """A segment as one part, or as several where something was put in between its words."""
    start, end = span
    words = segment.text.split()
    places = [round((cut - start) / (end - start) * len(words)) for cut in cuts if start < cut < end]
    edges = [0, *sorted({place for place in places if 0 < place < len(words)}), len(words)]
    if len(edges) == 2:
        return [segment]
    times = [start + (end - start) * place / len(words) for place in edges]
    return [
        replace(
            segment,
            text=" ".join(words[a:b]),
            start=times[n],
            end=times[n + 1],
            after_break=segment.after_break or n > 0,
        )
        for n, (a, b) in enumerate(pairwise(edges))
    ]
