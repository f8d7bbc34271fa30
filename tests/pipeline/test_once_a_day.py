"""Exactly one brief per local day: two schedulers, clocks that disagree and jump, changed clocks, moving readers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takefive.accounts.models import Reader
from takefive.delivery.due import newest_day
from takefive.pipeline.steps import brief as briefs
from takefive.store.models import Brief, Delivery, Episode, Insight, Podcast

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tokyo", "America/Havana"]
# Around the nights when clocks change, north and south, and where a whole day fell out (Apia, 30 December 2011).
NIGHTS = [
    datetime(2026, 3, 27),
    datetime(2026, 10, 23),
    datetime(2026, 4, 3),
    datetime(2026, 10, 2),
    datetime(2011, 12, 28),
]


def look(now: datetime) -> None:
    """What a scheduler does every few minutes."""
    briefs.run(now=now.replace(tzinfo=UTC), then=lambda delivery: None)


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_local_day_gets_one_brief_by_two_schedulers_that_disagree_by_minutes(night: datetime, zone: str) -> None:
    Reader.objects.create(email="ada@example.org", status="active", zone=zone, hour=2)
    for half_hours in range(2 * 24 * 4):
        now = night + timedelta(minutes=30 * half_hours)
        for minutes_off in (0, 7):
            look(now + timedelta(minutes=minutes_off))
    days = list(Brief.objects.order_by("day").values_list("day", flat=True))
    there = {(night + timedelta(hours=h)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() for h in range(4, 94)}
    assert set(days[1:-1]) == {day for day in there if days[0] < day < days[-1]}
    assert len(days) == len(set(days)) >= 3


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    night=st.sampled_from(NIGHTS),
    hour=st.integers(0, 23),
    moves=st.lists(st.tuples(st.integers(-24 * 60, 36 * 60), st.sampled_from(ZONES)), min_size=5, max_size=15),
)
def test_whatever_clocks_and_readers_do_no_local_day_gets_two(
    night: datetime, hour: int, moves: list[tuple[int, str]]
) -> None:
    Reader.objects.all().delete()
    reader = Reader.objects.create(email="ada@example.org", status="active", hour=hour)
    for minutes, zone in moves:
        night += timedelta(minutes=minutes)
        Reader.objects.filter(pk=reader.pk).update(zone=zone)
        for off in (0, -180, 25):
            look(night + timedelta(minutes=off))
    made = list(Brief.objects.order_by("pk").values_list("day", "created_at"))
    for (first, _), (second, at) in combinations(made, 2):  # in the order in which they were made
        ahead = first > newest_day(at)  # by a clock that was wrong: it holds nobody
        assert first < second or (ahead and first != second)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    night=st.sampled_from(NIGHTS),
    hour=st.integers(0, 23),
    moves=st.dictionaries(st.integers(1, 90), st.sampled_from(ZONES), max_size=4),
)
def test_who_moves_gets_every_day_of_theirs_once(night: datetime, hour: int, moves: dict[int, str]) -> None:
    Reader.objects.all().delete()
    reader = Reader.objects.create(email="ada@example.org", status="active", hour=hour, zone=ZONES[0])
    expected = list[date]()
    for hours in range(96):
        if hours in moves:
            Reader.objects.filter(pk=reader.pk).update(zone=moves[hours])
            reader.zone = moves[hours]
        now = night + timedelta(hours=hours)
        for minutes_off in (0, 7):
            look(now + timedelta(minutes=minutes_off))
            local = (now + timedelta(minutes=minutes_off)).replace(tzinfo=UTC).astimezone(ZoneInfo(reader.zone))
            if local.hour >= hour and local.date() > max(expected, default=date.min):
                expected.append(local.date())
        assert list(Brief.objects.order_by("pk").values_list("day", flat=True)) == expected


def test_two_schedulers_at_the_same_moment_make_one_brief_with_one_delivery_for_each_reader() -> None:
    now = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    podcast = Podcast.objects.create(feed_url="https://feeds.example/1", title="Show")
    episode = Episode.objects.create(podcast=podcast, guid="1", title="One", published_at=now)
    vector = np.eye(384, dtype=np.float32)[0].tolist()
    Insight.objects.create(
        episode=episode, position=1, quote="q", kind="data", score=0.9, vector=vector, created_at=now
    )
    for number in range(20):
        Reader.objects.create(email=f"reader-{number}@example.org", status="active", hour=7)
    start, told = Barrier(3), list[int]()

    def schedule() -> None:
        start.wait()
        briefs.run(now=now, then=told.extend)
        connection.close()

    threads = [Thread(target=schedule) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Brief.objects.count() == 20
    assert sorted(told) == sorted(Delivery.objects.values_list("pk", flat=True))
    assert len(told) == 20
