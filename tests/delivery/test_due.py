from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from takefive.delivery.due import EVERY_DAY, MONDAYS, WEEKDAYS, is_due, newest_day, next_day, next_time, zone_named

ZONES = [
    "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns",
    "Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "America/Havana", "UTC", "Mars/Olympus",
    "America/Nuuk", "America/Godthab", "America/Scoresbysund", "America/Asuncion",
]  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_brief_is_due_from_the_readers_hour_on_and_not_before():
    assert is_due(utc("2026-11-23T05:59"), zone="Europe/Berlin", hour=7, last_day=None) is None
    assert is_due(utc("2026-11-23T06:00"), zone="Europe/Berlin", hour=7, last_day=None) == date(2026, 11, 23)


def test_a_day_that_has_its_brief_gets_no_second_one():
    assert is_due(utc("2026-11-23T12:00"), zone="UTC", hour=7, last_day=date(2026, 11, 23)) is None


def test_the_hour_that_spring_skips_is_due_once_the_clock_has_passed_it():
    # Berlin goes from 02:00 to 03:00 at 01:00 UTC.
    assert is_due(utc("2026-03-29T00:59"), zone="Europe/Berlin", hour=2, last_day=None) is None
    assert is_due(utc("2026-03-29T01:00"), zone="Europe/Berlin", hour=2, last_day=None) == date(2026, 3, 29)


def test_the_hour_that_autumn_repeats_is_due_once():
    first = is_due(utc("2026-10-25T00:30"), zone="Europe/Berlin", hour=2, last_day=None)
    assert first == date(2026, 10, 25)
    assert is_due(utc("2026-10-25T01:30"), zone="Europe/Berlin", hour=2, last_day=first) is None


def test_a_reader_who_flies_west_into_yesterday_waits():
    sent = is_due(utc("2026-11-22T20:00"), zone="Asia/Tokyo", hour=5, last_day=None)
    assert sent == date(2026, 11, 23)
    assert is_due(utc("2026-11-22T20:10"), zone="America/Los_Angeles", hour=5, last_day=sent) is None


def test_weekdays_and_weekly_leave_the_other_days_alone():
    saturday, monday = utc("2026-11-28T09:00"), utc("2026-11-30T09:00")
    assert is_due(saturday, zone="UTC", hour=7, last_day=None, days=WEEKDAYS) is None
    assert is_due(monday, zone="UTC", hour=7, last_day=None, days=WEEKDAYS) == date(2026, 11, 30)
    assert is_due(monday + timedelta(days=1), zone="UTC", hour=7, last_day=None, days=MONDAYS) is None


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "Europe", "a\0b", "é" * 999]
)
def test_an_unknown_zone_counts_as_utc(name: str):
    assert zone_named(name) is UTC


@settings(max_examples=150, deadline=None)
@given(
    start=st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2035, 1, 1)),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    hour=st.integers(0, 23),
    steps=st.lists(st.integers(-36 * 60, 48 * 60), min_size=5, max_size=40),
)
def test_whatever_clock_and_zone_do_no_local_day_gets_two_briefs(start, zones, hour, steps):
    now, last, days = start.replace(tzinfo=UTC), None, []
    for number, minutes in enumerate(steps):
        now += timedelta(minutes=minutes)
        due = is_due(now, zone=zones[number % len(zones)], hour=hour, last_day=last)
        if due:
            days.append(due)
            last = due
    assert days == sorted(set(days))


@settings(max_examples=80, deadline=None)
@given(
    first=st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 1, 1))
    | st.dates(date(2026, 3, 22), date(2026, 3, 28)),
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    wrong=st.none() | st.integers(0, 8 * 48 - 1),
)
@example(first=date(2026, 3, 25), zone="America/Nuuk", hour=23, wrong=None)
@example(first=date(2026, 3, 25), zone="America/Scoresbysund", hour=23, wrong=100)
def test_a_schedule_that_looks_every_half_hour_makes_one_brief_for_every_local_day(first, zone, hour, wrong):
    """At one look, the clock may be a year ahead, past the reader's hour."""
    now, made = datetime(first.year, first.month, first.day, tzinfo=UTC), []
    for look in range(48 * 8):
        shown = (now + timedelta(days=365)).replace(hour=23, minute=59) if look == wrong else now
        last = max((day for day in made if day <= newest_day(shown)), default=None)
        due = is_due(shown, zone=zone, hour=hour, last_day=last)
        if due:
            made.append(due)
        now += timedelta(minutes=30)
    days = [day for day in made if day <= newest_day(now)]
    assert [b - a for a, b in pairwise(days)] == [timedelta(days=1)] * (len(days) - 1)
    assert len(days) >= 7


def test_the_hour_that_spring_skips_over_midnight_is_due_in_the_last_hour_of_its_day():
    # Nuuk goes from 23:00 on the 28th to 00:00 on the 29th at 01:00 UTC.
    nuuk = {"zone": "America/Nuuk", "hour": 23, "last_day": date(2026, 3, 27)}
    assert is_due(utc("2026-03-28T23:59"), **nuuk) is None
    assert is_due(utc("2026-03-29T00:00"), **nuuk) == date(2026, 3, 28)
    assert next_time(utc("2026-03-28T12:00"), **nuuk) == utc("2026-03-29T00:00")


def test_no_day_is_newer_than_the_newest_anywhere():
    assert newest_day(utc("2026-11-23T09:59")) == date(2026, 11, 23)
    assert newest_day(utc("2026-11-23T10:00")) == date(2026, 11, 24)  # on Kiritimati


def test_no_brief_is_due_before_the_rest_is_over():
    rest = date(2026, 11, 25)
    for day, due in ((24, None), (25, rest), (26, date(2026, 11, 26))):
        now = datetime(2026, 11, day, 8, tzinfo=UTC)
        assert is_due(now, zone="UTC", hour=7, last_day=None, paused_until=rest) == due


def test_the_rest_ends_with_the_readers_own_day():
    now = datetime(2026, 11, 24, 23, tzinfo=UTC)  # in Tokyo the 25th has begun
    rest = date(2026, 11, 25)
    assert is_due(now, zone="Asia/Tokyo", hour=7, last_day=None, paused_until=rest) == rest
    assert is_due(now, zone="UTC", hour=7, last_day=None, paused_until=rest) is None


@pytest.mark.parametrize(
    ("last", "days", "rest", "expected"),
    [
        (None, EVERY_DAY, None, 24),
        (date(2026, 11, 24), EVERY_DAY, None, 25),
        (None, MONDAYS, None, 30),
        (date(2026, 11, 27), WEEKDAYS, None, 30),
        (None, EVERY_DAY, date(2026, 11, 28), 28),
        (None, WEEKDAYS, date(2026, 11, 28), 30),
        (None, EVERY_DAY, date(2026, 11, 1), 24),
    ],
)
def test_the_next_day_follows_the_same_rules(last, days, rest, expected):
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
    assert next_day(now, zone="UTC", last_day=last, days=days, paused_until=rest) == date(2026, 11, expected)


@settings(max_examples=200)
@given(
    now=st.datetimes(datetime(2011, 12, 25), datetime(2012, 1, 5))
    | st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 1)),
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    made=st.integers(0, 3),
    days=st.sampled_from([EVERY_DAY, WEEKDAYS, MONDAYS]),
    rest=st.integers(0, 5),
)
def test_nobody_is_due_before_the_next_time_and_somebody_is_from_then_on(
    now: datetime, zone: str, hour: int, made: int, days: range, rest: int
) -> None:
    now = now.replace(tzinfo=UTC)
    today = now.astimezone(zone_named(zone)).date()
    wishes = {"zone": zone, "hour": hour, "last_day": today - timedelta(days=made), "days": days}
    wishes["paused_until"] = today + timedelta(days=rest) if rest else None
    then = next_time(now, **wishes)
    asked = now
    while asked < then:
        assert is_due(asked, **wishes) is None
        asked += timedelta(minutes=20)
    skipped = zone == "Pacific/Apia" and then.astimezone(zone_named(zone)).weekday() not in days  # no such day there
    assert skipped or is_due(max(now, then), **wishes) is not None
