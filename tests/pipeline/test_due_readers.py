"""Whose brief is made: the reader's hour, zone, days and rest are honoured."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection

from takefive.accounts.models import Reader
from takefive.briefs.values import Choice, ComposedBrief
from takefive.pipeline import due_readers
from takefive.pipeline.candidates import candidates, for_reader
from takefive.pipeline.steps import brief as briefs
from takefive.store.models import Brief, Episode, Feedback, Insight, Podcast

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


def test_one_bad_vector_stops_no_other_reader(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words = {"ada": "sleep", "bob": "bees", "eve": "tea"}
    ada, bob, eve = (
        Reader.objects.create_user(f"{who}@example.org", status="active", interests=what) for who, what in words.items()
    )

    class Odd:
        def encode(self, phrases: list[str]) -> list[np.ndarray]:
            return [np.eye(3 if phrase == "bees" else 384, dtype=np.float32)[0] for phrase in phrases]

    monkeypatch.setattr(briefs, "embedder", Odd)
    podcast = Podcast.objects.create(feed_url="https://feeds.example/x")
    episode = Episode.objects.create(podcast=podcast, guid="1", title="One", published_at=TUESDAY)
    vector = np.eye(384, dtype=np.float32)[0].tolist()
    Insight.objects.create(
        episode=episode, position=1, quote="q", kind="data", score=0.9, vector=vector, created_at=TUESDAY
    )
    briefs.run(now=TUESDAY, then=lambda delivery: None)
    assert {brief.reader for brief in Brief.objects.filter(items__isnull=False)} == {ada, eve}
    assert f"no brief for reader {bob.pk}" in caplog.text


def test_who_is_not_due_is_not_looked_at_until_their_hour_or_a_change() -> None:
    ada = Reader.objects.create_user("ada@example.org", status="active", hour=20)
    briefs.run(now=TUESDAY, then=lambda delivery: None)
    assert Reader.objects.get().next_brief_at == TUESDAY.replace(hour=20, minute=0)
    assert due_readers.take(TUESDAY + timedelta(hours=1)) == []
    Reader.objects.filter(pk=ada.pk).update(hour=8)
    briefs.run(now=TUESDAY + timedelta(hours=1), then=lambda delivery: None)
    assert Brief.objects.get().day == TUESDAY.date()
    ada.refresh_from_db()
    assert ada.next_brief_at == datetime(2026, 11, 25, 8, tzinfo=UTC)
    ada.zone = "Asia/Tokyo"
    ada.save(update_fields=["zone"])
    assert Reader.objects.get().next_brief_at is None


def test_what_does_not_decide_on_the_time_leaves_it_alone() -> None:
    ada = Reader.objects.create_user("ada@example.org", status="active", hour=20)
    briefs.run(now=TUESDAY, then=lambda delivery: None)
    ada.refresh_from_db()
    ada.interests = "sleep"
    ada.save(update_fields=["interests"])
    Reader.objects.update(serendipity=2)
    assert Reader.objects.get().next_brief_at is not None


@pytest.mark.parametrize("hour", [20, 7])
def test_a_clock_that_was_a_year_ahead_holds_nobody(hour: int) -> None:
    """Whether or not it made a brief of its own day."""
    Reader.objects.create_user("ada@example.org", status="active", hour=hour)
    ahead = TUESDAY + timedelta(days=365)
    briefs.run(now=ahead, then=lambda delivery: None)
    for _ in range(2):
        briefs.run(now=TUESDAY.replace(hour=21), then=lambda delivery: None)
    days = Brief.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [TUESDAY.date(), *([ahead.date()] if hour == 7 else [])]
    assert Reader.objects.get().next_brief_at == TUESDAY.replace(day=25, hour=hour, minute=0)


def test_a_reader_who_changes_their_hour_while_the_brief_is_made_keeps_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = Reader.objects.create_user("ada@example.org", status="active", hour=7)
    store = briefs._store

    def meanwhile(*told: Any) -> list[Brief]:
        Reader.objects.filter(pk=ada.pk).update(hour=9)
        return store(*told)

    monkeypatch.setattr(briefs, "_store", meanwhile)
    briefs.run(now=TUESDAY, then=lambda delivery: None)
    assert Reader.objects.get().next_brief_at is None


def test_those_who_wait_are_found_by_an_index() -> None:
    Reader.objects.bulk_create(
        Reader(email=f"r{n}@example.org", status="active", next_brief_at=TUESDAY + timedelta(hours=1))
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_reader")
    assert "reader_due" in Reader.objects.due(TUESDAY, timedelta(days=2))[:1000].explain()


def test_more_than_one_job_takes_are_shared_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_readers, "BATCH", 3)
    for number in range(5):
        Reader.objects.create_user(f"r{number}@example.org", status="active", hour=7)
    asked: list[int] = []
    for made in (3, 5):
        briefs.run(now=TUESDAY, then=lambda delivery: None, more=lambda: asked.append(1))
        assert Brief.objects.count() == made
    assert asked == [1]


def test_many_readers_get_the_same_five_as_each_alone() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((60, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = []
    for n, vector in enumerate(vectors):
        podcast = Podcast.objects.create(
            feed_url=f"https://feeds.example/{n}", title=f"Show {n}", language=("en", "de")[n % 2]
        )
        episode = Episode.objects.create(
            podcast=podcast, guid="1", title="One", published_at=TUESDAY - timedelta(hours=n)
        )
        words = {"headline": f"About sleep {n}", "text": f"Small teams ship {n}.", "topics": [f"topic{n % 7}"]}
        told = {
            "quote": "q",
            "kind": "data",
            "score": float(rng.random()),
            "vector": vector.tolist(),
            "created_at": TUESDAY,
        }
        rows.append(Insight.objects.create(episode=episode, position=1, **words, **told))
    readers = []
    for n in range(12):
        wishes: dict[str, object] = (
            {"languages": ["de"]} if n % 3 == 0 else {"follow_podcasts": [f"show {n}", f"SHOW {n + 1}"]}
        )
        interests = ("sleep; not small teams", "", "how small teams ship")[n % 3]
        reader = Reader.objects.create_user(f"r{n}@example.org", status="active", interests=interests, wishes=wishes)
        readers.append(reader)
        if n % 2:
            past = Brief.objects.create(reader=reader, day=TUESDAY.date() - timedelta(days=1))
            for rank, row in enumerate(rows[n : n + 5]):
                past.items.create(insight=row, rank=rank, score=1, reason="", signals={"strength": 0.5})
                Feedback.objects.create(reader=reader, insight=row, kind=("more", "less", "save")[rank % 3], at=TUESDAY)
    day = TUESDAY.date()
    alone = {r.pk: briefs.choose(r, day, for_reader(r, day, TUESDAY), now=TUESDAY).choices for r in readers}
    briefs.run(now=TUESDAY, then=lambda delivery: None)
    for reader in readers:
        items = Brief.objects.get(reader=reader, day=day).items.all()
        assert [(i.insight_id, i.reason) for i in items] == [(c.id, c.reason) for c in alone[reader.pk]]
        assert [i.score for i in items] == pytest.approx([c.score for c in alone[reader.pk]], abs=1e-4)
        assert len(items) == 5


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
    with django_assert_num_queries(2):
        pool = candidates(TUESDAY)
    assert best is not None
    assert [candidate.id for candidate in pool.candidates] == [best.pk]
