from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from takefive.web.chart import chart, over_time

MONTHS = st.dictionaries(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(lambda d: d.replace(day=1)), st.integers(1, 99)
)


def test_months_between_are_there_and_empty() -> None:
    months = {date(2025, 12, 1): 2, date(2026, 2, 1): 1}
    assert over_time(months) == [("December 2025", 2), ("January 2026", 0), ("February 2026", 1)]


def test_long_times_are_told_in_quarters_and_years() -> None:
    assert over_time({date(2020, 1, 1): 1, date(2026, 5, 1): 2})[-1] == ("second quarter of 2026", 2)
    assert over_time({date(1990, 1, 1): 1, date(2026, 5, 1): 2})[0] == ("1990", 1)
    assert over_time({}) == []


@given(MONTHS)
def test_nothing_is_lost_and_bars_stay_in_the_picture(months: dict[date, int]) -> None:
    counts = over_time(months)
    picture = chart(counts)
    assert sum(count for _, count in counts) == sum(months.values())
    assert len({when for when, _ in counts}) == len(counts) <= 102
    for bar in picture.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= picture.width + 0.01
        assert 0 <= bar.y <= bar.y + bar.height <= picture.height + 0.01
        assert (bar.height > 0) == (bar.count > 0)
    assert not counts or picture.highest.count == max(count for _, count in counts)
