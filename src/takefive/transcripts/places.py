"""Where recognised words stand in a transcript, and by how many seconds its times are off there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.scripts import CHARACTERS_PER_WORD, pieces
from takefive.transcripts.times import spans
from takefive.transcripts.values import TimedText

FEWEST = 8
"""Words that must stand at one distance before a place is believed."""
CLOSE = 1.0
"""Seconds that times of one place may differ by, where the transcript's own marks are as fine."""
_SEED = 3  # words of a run that both must share
_SHARED = 2  # words in a row that count as the same
_BAND = 40  # words of one diagonal band
_ALONE = 4.0  # seconds for three words that are nevertheless of one run
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Run(NamedTuple):
    """From the transcript's second `first` to `last`, the audio is `offset` seconds later; seen on so many `words`."""

    first: float
    last: float
    offset: float
    words: int


class Said:
    """The words of a transcript and when each begins; no `times` where the transcript has none.

    Where no spaces stand between words, each character is one, and as many more are asked for: recognisers and publishers
    cut words differently.
    """

    def __init__(self, text: TimedText) -> None:
        found = [pieces(segment.text) for segment in text.segments]
        spaced = sum(len(segment.text.split()) for segment in text.segments)
        self._each = CHARACTERS_PER_WORD if sum(map(len, found)) > CHARACTERS_PER_WORD * spaced else 1
        times = spans(text.segments, [len(words) for words in found])
        self.words, self.times = list[str](), list[float]()
        for words, span in zip(found, times, strict=True):
            if span is None:
                continue
            timed = list(_timed(words, *span))
            self.words += [word for word, _ in timed]
            self.times += [second for _, second in timed]
        self.tolerance = CLOSE + min(9.0, _typical([end - start for start, end in filter(None, times)]) / 8)
        self._seeds: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, seed in self._seeded(self.words):
            self._seeds[seed].append(place)

    def find(self, heard: Sequence[Word]) -> list[Run]:
        """The places where words that were heard together stand: none in an advertisement, two around a step."""
        timed = [
            one
            for word in heard
            if word.start is not None
            for one in _timed(pieces(word.text), word.start, word.end or word.start)
        ]
        words = [word for word, _ in timed]
        middle = self._diagonal(words)
        if middle is None:
            return []
        first = max(0, middle - _BAND)
        near = self.words[first : middle + len(words) + _BAND]
        blocks = SequenceMatcher(None, near, words, autojunk=False).get_matching_blocks()
        pairs = [
            (self.times[first + block.a + n], timed[block.b + n][1])
            for block in blocks
            if block.size >= _SHARED * self._each
            for n in range(block.size)
        ]
        return list(_runs(pairs, self.tolerance, FEWEST * self._each))

    def _seeded(self, words: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each place in some words with the run that begins there."""
        many = _SEED * self._each
        return ((place, tuple(words[place : place + many])) for place in range(len(words) - many + 1))

    def _diagonal(self, words: Sequence[str]) -> int | None:
        """The word of the transcript at which these begin, by the runs they share; None where no place stands out."""
        votes: Counter[int] = Counter()
        for place, seed in self._seeded(words):
            found = self._seeds.get(seed, ())
            for where in found if len(found) <= _BAND else ():
                votes[(where - place) // _BAND] += 1
        bands = Counter({band: votes[band] + votes[band + 1] for band in {one - k for one in votes for k in (0, 1)}})
        if not bands:
            return None
        (best, most), *_ = bands.most_common(1)
        others = max((many for band, many in bands.items() if abs(band - best) > 1), default=0)
        return (best + 1) * _BAND if most >= 2 and most > 2 * others else None


def _runs(pairs: Sequence[tuple[float, float]], tolerance: float, fewest: int) -> Iterator[Run]:
    """Groups of words that are off by the same time, the largest first; a group lies on one side of another."""
    left = list(pairs)
    while len(left) >= fewest:
        offsets = sorted(heard - said for said, heard in left)
        counts = [bisect_left(offsets, low + 2 * tolerance) - place for place, low in enumerate(offsets)]
        many = max(counts)
        if many < fewest:
            return
        place = counts.index(many)
        low, high = offsets[place], offsets[place + many - 1]
        of_it = _dense([said for said, heard in left if low <= heard - said <= high], fewest)
        if not of_it:
            return
        yield Run(of_it[0], of_it[-1], offsets[place + many // 2], many)
        left = [pair for pair in left if not of_it[0] <= pair[0] <= of_it[-1]]


def _dense(seconds: list[float], fewest: int) -> list[float]:
    """Without what lies alone at either end: two words of an advertisement may be said anywhere."""
    while len(seconds) >= fewest and seconds[2] - seconds[0] > _ALONE:
        seconds = seconds[1:]
    while len(seconds) >= fewest and seconds[-1] - seconds[-3] > _ALONE:
        seconds = seconds[:-1]
    return seconds if len(seconds) >= fewest else []


def consistent(runs: Sequence[Run], tolerance: float) -> list[Run]:
    """Those that go on in both clocks, as many words as possible, in order."""
    order = sorted(runs)
    best: list[tuple[int, list[Run]]] = []
    for run in order:
        before = [chain for chain in best if _follows(chain[1][-1], run, tolerance)]
        words, chain = max(before, key=lambda one: one[0], default=(0, []))
        best.append((words + run.words, [*chain, run]))
    return max(best, key=lambda one: one[0], default=(0, []))[1]


def _follows(one: Run, other: Run, tolerance: float) -> bool:
    same = abs(other.offset - one.offset) <= tolerance
    return same or (other.first >= one.last and other.first + other.offset >= one.last + one.offset - tolerance)


def _typical(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _timed(words: Sequence[str], start: float, end: float) -> Iterator[tuple[str, float]]:
    """Words as they are compared, and when each begins: evenly from `start` to `end`. Without signs."""
    for place, word in enumerate(words):
        if plain := _plain(word):
            yield plain, start + (end - start) * place / len(words)


def _plain(word: str) -> str:
    return "".join(_WORD.findall(word.lower()))
