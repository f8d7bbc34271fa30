"""What a recogniser hears at once: speech without its pauses, packed into windows; and what it left unheard of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from takefive.transcripts.audio import RATE, Samples
from takefive.transcripts.formats.json_words import Word

LONGEST = 30.0
"""Seconds that Whisper hears at once."""
MISSED = 2.5
"""Seconds of speech without a word after which something was missed: small models stop in the middle of a window."""

_MOMENT = RATE // 50  # samples
_SECOND = RATE // _MOMENT  # moments
_LOUD = 0.1  # of the loudest within a second
_HUSH = _SECOND // 5  # moments; a stop within a word is quiet for less
_REST = _HUSH + 7 * _SECOND // 10  # moments in which a word must fade, or what sounds is something else


class Span(NamedTuple):
    """From one second to another."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Packed:
    """Speech put together: mono samples at `RATE`, shape (n,), and the stretches of the audio that they are, in samples."""

    samples: Samples
    stretches: tuple[tuple[int, int], ...]

    def windows(self) -> list[Span]:
        """Spans of the packed samples, of whole stretches, none longer than `LONGEST` unless a stretch is."""
        found: list[Span] = []
        at = 0.0
        for first, last in self.stretches:
            length = (last - first) / RATE
            if found and at + length - found[-1].start <= LONGEST:
                found[-1] = Span(found[-1].start, at + length)
            else:
                found.append(Span(at, at + length))
            at += length
        return found

    def unpacked(self, words: Sequence[Word]) -> list[Word]:
        """The same words with the times of the audio. A word lies in the stretch that its middle is in."""
        edges, before = [0.0], 0.0
        for first, last in self.stretches:
            before += (last - first) / RATE
            edges.append(before)
        found = []
        for word in words:
            start, end = word.start or 0.0, word.end or 0.0
            place = min(max(bisect_right(edges, (start + end) / 2) - 1, 0), len(self.stretches) - 1)
            begin, stop = (sample / RATE for sample in self.stretches[place])
            start, end = (min(max(time - edges[place] + begin, begin), stop) for time in (start, end))
            found.append(word._replace(start=start, end=end))
        return found


def packed(samples: Samples, stretches: Sequence[tuple[int, int]]) -> Packed:
    """The stretches of some samples, one after the other."""
    parts = [samples[first:last] for first, last in stretches]
    return Packed(np.concatenate(parts) if parts else samples[:0], tuple(stretches))


def missed(window: Span, words: Sequence[Word]) -> list[Span]:
    """The parts of a window in which nothing was heard, though something was heard in it; words in order."""
    edges = [(window.start, window.start), *((w.start or 0.0, w.end or 0.0) for w in words), (window.end, window.end)]
    found, until = [], window.start
    for start, end in edges if words else ():
        if start - until > MISSED:
            found.append(Span(until, start))
        until = max(until, end)
    return found


def tight(words: Sequence[Word], samples: Samples) -> list[Word]:
    """The same words, each from its first loud moment to where its sound fades.

    Whisper gives a pause to the word after it, and ends a drawn out word early. Loud is a tenth of the loudest within a second of
    the word; music under the voice leaves the times as they are.
    """
    levels = np.abs(samples[: len(samples) // _MOMENT * _MOMENT].reshape(-1, _MOMENT)).max(axis=1)
    edges = [(_moment(word.start), _moment(word.end)) for word in words]
    found = []
    for word, ((first, last), (after, _)) in zip(words, pairwise([*edges, (len(levels), 0)]), strict=True):
        loud = np.flatnonzero(levels[first:last] > _limit(levels, first, last))
        if last - first > 1 and len(loud):
            end = _faded(levels[:after], int(first + loud[-1]) + 1, _limit(levels, first, last))
            word = word._replace(start=round(int(first + loud[0]) / _SECOND, 3), end=round(end / _SECOND, 3))
        found.append(word)
    return found


def _moment(time: float | None) -> int:
    return round((time or 0.0) * _SECOND)


def _limit(levels: Samples, first: int, last: int) -> float:
    """The level above which a moment is loud, between two moments."""
    return _LOUD * float(levels[max(first - _SECOND, 0) : last + _SECOND].max(initial=0.0))


def _faded(levels: Samples, end: int, limit: float) -> int:
    """The moment from which the sound that goes on at `end` is quiet; `end` itself where it goes on for too long."""
    until = end
    for moment in end + np.flatnonzero(levels[end : end + _REST] > limit):
        if moment - until >= _HUSH:
            break
        until = int(moment) + 1
    return until if until + _HUSH <= end + _REST or end + _REST > len(levels) else end
