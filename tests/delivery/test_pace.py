from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.common.errors import UsageError
from takefive.delivery.pace import Pace, day_of, domain_of, minute_of, next_day, next_minute, warm_up

NOW = datetime(2026, 1, 5, 23, 59, 30, tzinfo=UTC)


def test_without_limits_nothing_need_be_counted() -> None:
    assert Pace().free
    assert not Pace(a_minute=1).free
    assert Pace().cap(1) == 0


def test_a_new_sender_begins_with_few_and_ends_at_the_daily_cap() -> None:
    pace = Pace(a_day=800, warm_up=warm_up("1=50, 3=200,7=1000"))
    assert [pace.cap(day) for day in (1, 2, 3, 6, 7, 8, 400)] == [50, 50, 200, 200, 800, 800, 800]


def test_after_the_warm_up_there_is_no_limit_but_the_caps() -> None:
    pace = Pace(warm_up=warm_up("1=50,2=100"))
    assert [pace.cap(day) for day in (1, 2, 3)] == [50, 100, 0]


def test_a_schedule_that_begins_late_holds_from_the_first_day() -> None:
    assert Pace(warm_up=warm_up("3=50")).cap(1) == 50


@pytest.mark.parametrize("written", ["50", "0=5", "1=0", "1=a", "3=5,1=9", "1=5,1=6", "1=5;2=6"])
def test_what_is_no_schedule_is_told_with_one_that_is(written: str) -> None:
    with pytest.raises(UsageError, match="1=50,3=200,7=1000"):
        warm_up(written)


@given(
    st.dictionaries(st.integers(1, 60), st.integers(1, 10_000), max_size=8), st.integers(1, 100), st.integers(0, 500)
)
def test_the_daily_cap_is_never_exceeded(steps: dict[int, int], day: int, a_day: int) -> None:
    pace = Pace(a_day=a_day, warm_up=tuple(sorted(steps.items())))
    assert not a_day or 0 < pace.cap(day) <= a_day


def test_windows_begin_at_midnight_and_at_the_full_minute() -> None:
    assert day_of(NOW) == datetime(2026, 1, 5, tzinfo=UTC)
    assert minute_of(NOW) == datetime(2026, 1, 5, 23, 59, tzinfo=UTC)
    assert next_day(NOW) == next_minute(NOW) == datetime(2026, 1, 6, tzinfo=UTC)


def test_a_domain_is_compared_without_case() -> None:
    assert domain_of("Ada@Example.ORG") == "example.org"
