"""Counts over time as bars: places and sizes for an inline SVG, and the same as numbers for who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 120
_GAP = 0.22  # of a bar's place
_LEAST = 2.0  # height of the smallest count that is not zero
_MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the picture; `when` and `count` are what it says."""

    x: float
    y: float
    width: float
    height: float
    when: str
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of counts, oldest first, `width` by `height`."""

    bars: tuple[Bar, ...]
    width: int
    height: int

    @property
    def highest(self) -> Bar:
        """The bar that stands highest, the first of equals."""
        return max(self.bars, key=lambda bar: bar.count)


def chart(counts: Sequence[tuple[str, int]], *, width: int = WIDTH, height: int = HEIGHT) -> Chart:
    """Bars for these counts with the words of when, the highest as high as the picture."""
    top, place = max((count for _, count in counts), default=0) or 1, width / max(len(counts), 1)
    bars = []
    for at, (when, count) in enumerate(counts):
        tall = max(height * count / top, _LEAST) if count else 0.0
        x, wide = at * place + place * _GAP / 2, place * (1 - _GAP)
        bars.append(Bar(round(x, 2), round(height - tall, 2), round(wide, 2), round(tall, 2), when, count))
    return Chart(tuple(bars), width, height)


def over_time(months: Mapping[date, int]) -> list[tuple[str, int]]:
    """Counts by month with the empty months between; by quarter, or by year, where there would be too many bars."""
    if not months:
        return []
    for unit in (_month, _quarter, _year):
        first, last = (unit(edge(months))[0] for edge in (min, max))
        if last - first < _MOST_BARS or unit is _year:
            break
    names = {number: name for number, name in map(unit, _all_months(min(months), max(months)))}  # noqa: C416
    counts = dict.fromkeys(names, 0)
    for month, count in months.items():
        counts[unit(month)[0]] += count
    return [(names[number], count) for number, count in counts.items()]


def _all_months(first: date, last: date) -> list[date]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _month(day: date) -> tuple[int, str]:
    return day.year * 12 + day.month, f"{day:%B} {day.year}"


def _quarter(day: date) -> tuple[int, str]:
    quarter = (day.month - 1) // 3
    return day.year * 4 + quarter, f"{('first', 'second', 'third', 'fourth')[quarter]} quarter of {day.year}"


def _year(day: date) -> tuple[int, str]:
    return day.year, str(day.year)
