"""Whose brief is made: the reader's hour, zone, days and rest are honoured."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError

from takefive.accounts.models import Reader
from takefive.briefs.values import Choice, ComposedBrief
from takefive.pipeline.candidates import candidates
from takefive.pipeline.steps import brief as briefs
from takefive.store.models import Brief, Episode, Insight, Podcast

TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def made(now: datetime = TUESDAY, **fields: object) -> list[date]:
    Reader.objects.create_user("ada@example.org", **({"status": "active", "hour": 7} | fields))  # type: ignore[arg-type]
    briefs.run(now=now, then=lambda delivery: None)
    return list(Brief.objects.values_list("day", flat=True))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hour": 0},
        {"frequency": "weekdays"},
        {"pause_until": date(2026, 11, 24)},
        {"pause_until": date(2025, 1, 1)},
        {"zone": "Europe/Vienna", "hour": 8},
    ],
)
def test_the_brief_is_made(fields: dict[str, object]) -> None:
    assert made(**fields) == [date(2026, 11, 24)]


@pytest.mark.parametrize(
    "fields",
    [
        {"hour": 8},
        {"frequency": "weekly"},
        {"pause_until": date(2026, 11, 25)},
        {"status": "pending"},
        {"status": "stopped"},
        {"zone": "America/New_York"},
    ],
)
def test_the_brief_waits(fields: dict[str, object]) -> None:
    assert made(**fields) == []


def test_what_breaks_for_one_reader_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bob = (Reader.objects.create_user(f"{who}@example.org", status="active") for who in ("ada", "bob"))
    store = briefs._store

    def gone(made: list[briefs.Made], *rest: Any) -> list[Brief]:
        if ada in [reader for reader, _ in made]:
            raise IntegrityError("DETAIL: Key (insight_id)=(7) is not present")
        return store(made, *rest)

    monkeypatch.setattr(briefs, "_store", gone)
    briefs.run(now=TUESDAY, then=lambda delivery: None)
    assert Brief.objects.get().reader == bob
    assert f"no brief for reader {ada.pk}" in caplog.text


def test_an_insight_gone_since_it_was_chosen_is_told_as_such_and_leaves_no_brief() -> None:
    reader = Reader.objects.create_user("ada@example.org")
    composed = ComposedBrief(day=TUESDAY.date(), choices=(Choice(id=7, score=0.5, reason=""),))
    with pytest.raises(IntegrityError):
        briefs._save(reader, composed, TUESDAY, lambda delivery: None)
    assert not Brief.objects.exists()


def test_of_two_who_make_the_same_brief_the_second_takes_the_first_ones() -> None:
    reader = Reader.objects.create_user("ada@example.org")
    empty = ComposedBrief(day=TUESDAY.date(), choices=())
    first, second = (briefs._save(reader, empty, TUESDAY, lambda delivery: None) for _ in range(2))
    assert first == second


def test_a_point_put_best_in_private_competes_by_those_who_say_it_in_public(
    django_assert_num_queries: Any,
) -> None:
    vector = np.eye(384, dtype=np.float32)[0].tolist()
    best = None
    for private in (True, False):
        podcast = Podcast.objects.create(feed_url=f"https://feeds.example/{private}", private=private)
        episode = Episode.objects.create(podcast=podcast, guid="1", title="One", published_at=TUESDAY)
        best = Insight.objects.create(
            episode=episode,
            position=1,
            quote="q",
            kind="data",
            score=0.5,
            vector=vector,
            same_as=best,
            created_at=TUESDAY,
        )
    with django_assert_num_queries(1):
        pool = candidates(TUESDAY)
    assert best is not None
    assert [candidate.id for candidate in pool.candidates] == [best.pk]
