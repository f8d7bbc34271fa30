"""When a feed is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from takefive.feeds.schedule import LONGEST, SHORTEST, UNKNOWN, WITH_HUB, needs_full, next_poll

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wait(published=(), failures=0, retry_after=None, jitter=0.5, **more) -> timedelta:
    return (
        next_poll(now=NOW, published=published, failures=failures, retry_after=retry_after, jitter=jitter, **more) - NOW
    )


def every(gap: timedelta, since: timedelta) -> list[datetime]:
    return [NOW - since - n * gap for n in range(10)]


def test_a_feed_without_dates_is_polled_four_times_a_day() -> None:
    assert wait() == UNKNOWN


def test_a_busy_feed_is_polled_more_often_than_a_slow_one() -> None:
    assert wait(every(HOUR, HOUR / 2)) < wait(every(DAY, 5 * HOUR)) < wait(every(7 * DAY, 2 * DAY)) <= DAY


def test_a_daily_show_is_looked_for_when_it_is_due() -> None:
    assert wait(every(DAY, DAY)) <= HOUR
    assert wait(every(DAY, DAY - 6 * HOUR)) >= 3 * HOUR


def test_a_weekly_show_is_looked_for_on_its_day_and_in_its_hour() -> None:
    shows = every(7 * DAY, 7 * DAY)  # the next one is due now
    polls, now = [], NOW - 3 * DAY
    while now < NOW + 3 * DAY:
        now = next_poll(now=now, published=shows, failures=0, retry_after=None, jitter=0.5)
        polls.append(now)
    around = [poll for poll in polls if abs(poll - NOW) <= 2 * HOUR]
    assert len(around) >= 2  # else polls lie 21 hours apart
    assert len(polls) < 25


def test_the_clock_of_the_publisher_does_not_matter_only_the_moment() -> None:
    there = [date.astimezone(timezone(9 * HOUR)) for date in every(DAY, DAY)]
    assert wait(there) == wait(every(DAY, DAY))


def test_a_show_that_sleeps_is_polled_once_a_day() -> None:
    assert wait(every(7 * DAY, 400 * DAY)) == LONGEST


def test_each_failure_doubles_the_wait_up_to_a_week() -> None:
    waits = [wait(failures=n) for n in range(1, 12)]
    assert waits[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert waits[-1] == 7 * DAY


def test_a_server_that_asks_for_more_time_gets_it() -> None:
    assert wait(every(HOUR, HOUR / 2), failures=1, retry_after=2 * DAY) == 2 * DAY
    assert wait(failures=3, retry_after=timedelta(seconds=1)) == 4 * HOUR


def test_a_feed_with_a_hub_is_polled_seldom() -> None:
    assert wait(every(HOUR, HOUR / 2), hub=True) == WITH_HUB


def test_chance_moves_a_poll_by_a_tenth_at_most() -> None:
    assert wait(jitter=0.0) == UNKNOWN * 0.9
    assert wait(jitter=1.0) == UNKNOWN * 1.1


def test_dates_in_the_future_teach_nothing() -> None:
    assert wait([NOW + 365 * DAY, NOW + 73 * 365 * DAY]) == UNKNOWN


moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(
    st.lists(moments, max_size=40),
    st.integers(0, 10_000),
    st.floats(0, 1),
    st.booleans(),
    st.none() | st.timedeltas(timedelta(0), 2 * DAY),
)
def test_the_next_poll_is_never_at_once_and_never_beyond_eight_days(
    published, failures, jitter, hub, retry_after
) -> None:
    found = wait(published, failures, retry_after, jitter, hub=hub)
    assert SHORTEST * 0.9 <= found <= 8 * DAY
    assert retry_after is None or found >= retry_after


def test_the_whole_feed_comes_once_a_day() -> None:
    assert needs_full(NOW, None)
    assert needs_full(NOW, NOW - DAY)
    assert not needs_full(NOW, NOW - DAY + timedelta(seconds=1))


@given(gap=st.floats(0.5, 24))
def test_a_feed_of_a_steady_rhythm_comes_whole_each_day(gap: float) -> None:
    full, last, now = NOW, NOW, NOW + HOUR * gap
    for _ in range(60):
        if needs_full(now, full, last):
            assert now - full <= DAY + SHORTEST
            full = now
        last, now = now, now + HOUR * gap


def test_no_wait_is_longer_than_a_day_where_nothing_failed() -> None:
    assert wait(every(7 * DAY, 400 * DAY), jitter=1.0) == DAY
