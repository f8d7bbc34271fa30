"""Times as files write them, put in order, and spread over words where a file is silent. Seconds everywhere."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from takefive.transcripts.values import Segment

STAMP = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?"
"""Pattern of a time mark: 1:02, 100:08, 01:02:03, 01:02:03.450."""

LONGEST = 1_000_000.0
WORDS_PER_SECOND = 2.6
"""How fast people speak on podcasts, used only where a file gives nothing to measure."""
SLACK = 20.0
"""Seconds that a stretch may take longer than its words need, before we take it that something else was played."""

_CLOCK = re.compile(r"\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,9}(?:[.,:]\d{1,9})?)\s*s?\s*")


def seconds(value: object) -> float | None:
    """Seconds from a number or from text such as "01:02:03.4", "1:02,5" or "12.5"; None where it is no time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _sane(value)
    match = _CLOCK.fullmatch(value) if isinstance(value, str) and len(value) < 40 else None
    if not match:
        return None
    hours, minutes, rest = match.groups()
    return _sane(int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest.replace(",", ".").replace(":", ".")))


def _sane(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return round(number, 3) if math.isfinite(number) and 0 <= number <= LONGEST else None


def in_order(starts: Sequence[float | None]) -> list[float | None]:
    """The same starts with those that break the order set to None, as few as possible.

    What stays is a longest non-decreasing subsequence (Fredman 1975, O(n log n)): one wrong stamp of an hour too many must
    not push all later ones.
    """
    ends: list[float] = []
    last: list[int] = []
    before: list[int] = [-1] * len(starts)
    for i, start in enumerate(starts):
        if start is None:
            continue
        place = bisect_right(ends, start)
        before[i] = last[place - 1] if place else -1
        ends[place : place + 1] = [start]
        last[place : place + 1] = [i]
    kept: list[float | None] = [None] * len(starts)
    i = last[-1] if last else -1
    while i >= 0:
        kept[i] = starts[i]
        i = before[i]
    return kept


def mended(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same words with times that never go back: a start out of order is forgotten, an end before its start too."""
    starts = in_order([segment.start for segment in segments])
    return tuple(_with_times(segment, start) for segment, start in zip(segments, starts, strict=True))


def _with_times(segment: Segment, start: float | None) -> Segment:
    wrong = segment.end is not None and (segment.end < start if start is not None else segment.start is not None)
    end = None if wrong else segment.end
    if start == segment.start and end == segment.end:
        return segment
    return replace(segment, start=start, end=end)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A known time: before `word` words it is `time`. `pause`: the file says where speech stops, not where it goes on."""

    word: int
    time: float
    pause: bool = False


def spans(segments: Sequence[Segment], counts: Sequence[int]) -> list[tuple[float, float] | None]:
    """Start and end for each segment, spread by words where the file has none; None for all if it has no time at all.

    `counts` are the words of each segment; the segments are in order (see `mended`). Between two known times the words go
    evenly; before the first and after the last they go at the pace of the file. Where a stretch is far slower than speech,
    something else was played in it: right at its beginning if speech was said to stop there, else at its end.
    """
    words = [0, *accumulate(counts)]
    anchors = _anchors(segments, words)
    if not anchors:
        return [None] * len(segments)
    clock = _Clock(anchors)
    found: list[tuple[float, float] | None] = []
    for i, segment in enumerate(segments):
        start = segment.start if segment.start is not None else clock.at(words[i])
        end = segment.end if segment.end is not None else clock.until(words[i], words[i + 1], start)
        if found and found[-1] and found[-1][1] > start:  # talking over each other: the later start is the surer time
            found[-1] = (found[-1][0], round(start, 3))
        found.append((round(start, 3), round(max(start, end), 3)))
    return found


def _anchors(segments: Sequence[Segment], words: Sequence[int]) -> list[_Anchor]:
    """The known starts, and the ends behind which no start is known, as far as they lie between the starts around them."""
    following = _starts_from(segments)
    found: list[_Anchor] = []
    for i, segment in enumerate(segments):
        if segment.start is not None:
            found.append(_Anchor(words[i], segment.start))
        silent = i + 1 < len(segments) and segments[i + 1].start is None
        if silent and segment.end is not None and (found[-1].time if found else 0.0) <= segment.end <= following[i + 1]:
            found.append(_Anchor(words[i + 1], segment.end, pause=True))
    return found


def _starts_from(segments: Sequence[Segment]) -> list[float]:
    """For each segment the first start known from it on."""
    starts = [math.inf]
    for segment in reversed(segments):
        starts.append(starts[-1] if segment.start is None else segment.start)
    return starts[:0:-1]


class _Clock:
    """Tells when the n-th word was spoken, from a few known times."""

    def __init__(self, anchors: Sequence[_Anchor]) -> None:
        self.anchors = anchors
        self.places = [anchor.word for anchor in anchors]
        stretches = [(b.word - a.word, b.time - a.time) for a, b in pairwise(anchors) if not a.pause]
        paces = sorted(count / time for count, time in stretches if count > 0 and time > 0)
        self.pace = min(max(paces[len(paces) // 2], 1.0), 5.0) if paces else WORDS_PER_SECOND

    def at(self, word: int) -> float:
        """When a word begins."""
        right = bisect_right(self.places, word)
        if right == 0:
            return max(0.0, self.anchors[0].time - (self.places[0] - word) / self.pace)
        left = self.anchors[right - 1]
        if right == len(self.anchors):
            return left.time + (word - left.word) / self.pace
        return self._between(left, self.anchors[right], word)

    def _between(self, left: _Anchor, right: _Anchor, word: int) -> float:
        time, words = right.time - left.time, right.word - left.word
        if time <= words / self.pace + SLACK:
            return left.time + time * (word - left.word) / words
        if left.pause:
            return right.time - (right.word - word) / self.pace
        return left.time + (word - left.word) / self.pace

    def until(self, first: int, last: int, start: float) -> float:
        """When the last of some words ends, the first having begun at `start`; no later than slow speech would."""
        right = bisect_right(self.places, first)
        bound = self.anchors[right].time if right < len(self.anchors) and self.places[right] <= last else self.at(last)
        return min(max(start, bound), start + (last - first) / min(self.pace, 1.2) + 2.0)
