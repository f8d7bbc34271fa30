"""Times as files write them, put in order, and spread over words where a file is silent. Seconds everywhere."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence

from takefive.transcripts.values import Segment

STAMP = r"(?:\d{1,3}:)?\d{1,2}:[0-5]\d(?:[.,]\d{1,3})?"
"""Pattern of a time mark: 1:02, 01:02:03, 01:02:03.450."""

LONGEST = 1_000_000.0
WORDS_PER_SECOND = 2.6
"""How fast people speak on podcasts, used only where a file gives nothing to measure."""

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
    """The same starts with those that break the order set to None, as few as possible (a longest non-decreasing subsequence).

    One wrong stamp of an hour too many must not push all later ones; Fredman 1975 gives the method, O(n log n).
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
    return Segment(text=segment.text, speaker=segment.speaker, start=start, end=end)


def spans(segments: Sequence[Segment], counts: Sequence[int]) -> list[tuple[float, float] | None]:
    """Start and end for each segment (in order, see `mended`), spread by words where the file has none; None for all if it has no time.

    `counts` are the words of each segment. Between two known points the time goes evenly over the words; before the first and after
    the last it goes at the pace of the file.
    """
    words = [0]
    for count in counts:
        words.append(words[-1] + count)
    known = [(words[i], segment.start) for i, segment in enumerate(segments) if segment.start is not None]
    if not known:
        return [None] * len(segments)
    pace = _pace(known)
    found: list[tuple[float, float] | None] = []
    for i, segment in enumerate(segments):
        start = segment.start if segment.start is not None else _at(words[i], known, pace)
        end = segment.end if segment.end is not None else _until(words[i + 1], start, counts[i], known, pace)
        found.append((round(start, 3), round(max(start, end), 3)))
    return found


def _pace(known: Sequence[tuple[int, float]]) -> float:
    """Words a second, the middle one of the stretches between stamps: pauses and advertisements do not count."""
    paces = sorted(
        (w2 - w1) / (t2 - t1) for (w1, t1), (w2, t2) in zip(known, known[1:], strict=False) if t2 > t1 and w2 > w1
    )
    return min(max(paces[len(paces) // 2], 1.0), 5.0) if paces else WORDS_PER_SECOND


def _at(word: int, known: Sequence[tuple[int, float]], pace: float) -> float:
    right = bisect_right(known, (word, LONGEST * 2))
    if right == 0:
        return max(0.0, known[0][1] - (known[0][0] - word) / pace)
    w1, t1 = known[right - 1]
    spoken = t1 + (word - w1) / pace
    if right == len(known):
        return spoken
    w2, t2 = known[right]
    # A stretch far slower than speech holds a pause or an advertisement: its words are spoken right after the stamp.
    even = t1 + (t2 - t1) * (word - w1) / max(1, w2 - w1)
    return min(even, spoken + 5.0) if even > spoken else even


def _until(word: int, start: float, count: int, known: Sequence[tuple[int, float]], pace: float) -> float:
    return min(max(start, _at(word, known, pace)), start + count / min(pace, 1.2) + 2.0)
