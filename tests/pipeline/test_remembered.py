"""What is remembered of a reader: enough to send nothing twice, and no more however long they read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from takefive.accounts.models import Reader
from takefive.briefs import learn
from takefive.pipeline.candidates import for_reader
from takefive.pipeline.remembered import REMEMBERED, Past, pasts
from takefive.pipeline.steps import brief as briefs
from takefive.store.models import Brief, BriefItem, Episode, Feedback, Insight, Podcast

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
UNIT = np.eye(384, dtype=np.float32)


@pytest.fixture
def ada() -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


def said(number: int, *, found: datetime = NOW - timedelta(hours=1), **fields: Any) -> Insight:
    show = Podcast.objects.create(feed_url=f"https://feeds.example/{number}", title=f"Show {number}")
    episode = Episode.objects.create(podcast=show, guid=f"{number}", title="One", published_at=found)
    told = {"headline": f"Point {number}", "text": f"Text {number}.", "score": 0.5, "speaker": f"Voice {number}"}
    told |= {"vector": UNIT[number % 384].tolist(), "quote": f"q{number}", "kind": "data", "created_at": found}
    return Insight.objects.create(episode=episode, position=1, **told | fields)


def sent(reader: Reader, at: datetime, *insights: Insight) -> Brief:
    brief = Brief.objects.create(reader=reader, day=at.date(), created_at=at)
    for rank, insight in enumerate(insights, 1):
        BriefItem.objects.create(brief=brief, insight=insight, rank=rank, score=1, signals={"strength": rank / 10})
    return brief


def past(reader: Reader) -> Past:
    return pasts([reader], NOW)[reader.pk]


def test_what_is_left_in_a_mail_that_was_answered_was_passed_over_and_in_another_means_nothing(ada: Reader) -> None:
    rows = [said(number) for number in range(6)]
    sent(ada, NOW - timedelta(days=2), *rows[:3])
    sent(ada, NOW - timedelta(days=1), *rows[3:])
    Feedback.objects.create(reader=ada, insight=rows[1], kind="save", at=NOW)
    told = {f.insight: (f.signal, f.signals, f.podcast) for f in past(ada).feedback}
    assert told == {
        row.pk: (signal, {"strength": strength}, row.episode.podcast_id)
        for row, signal, strength in zip(rows, ("skip", "save", "skip"), (0.1, 0.2, 0.3), strict=False)
    }


def test_an_answer_taken_back_takes_back_what_was_passed_over_beside_it(ada: Reader) -> None:
    rows = said(1), said(2)
    sent(ada, NOW - timedelta(days=1), *rows)
    answer = Feedback.objects.create(reader=ada, insight=rows[0], kind="more", at=NOW)
    assert [f.signal for f in past(ada).feedback] == ["skip", "more"]
    answer.undone_at = NOW
    answer.save()
    assert past(ada).feedback == []


def test_passing_over_what_is_weak_lowers_no_weight_of_what_was_saved(ada: Reader) -> None:
    history = [
        learn.Feedback(
            signal="save" if n % 2 else "skip", vector=UNIT[0], podcast=1, signals={("liked", "voices")[n % 2]: 1.0}
        )
        for n in range(40)
    ]
    weights, common = learn.as_weights(learn.believe(history).mean), learn.DEFAULT_WEIGHTS
    assert weights.voices > common.voices
    assert weights.liked < common.liked


def test_an_insight_sent_years_ago_never_returns_in_the_words_of_another(ada: Reader) -> None:
    old = said(1, found=NOW - timedelta(days=3_000))
    sent(ada, NOW - timedelta(days=3_000), old)
    said(2, vector=UNIT[9].tolist(), same_as=old)
    better = said(3, vector=UNIT[10].tolist())
    Insight.objects.filter(pk=said(4, found=NOW - timedelta(days=2_000), vector=UNIT[11].tolist()).pk).update(
        same_as=better
    )
    sent(ada, NOW - timedelta(days=2_000), Insight.objects.get(headline="Point 4"))
    fresh = said(5)
    made = briefs.make(ada, NOW.date(), for_reader(ada, NOW.date(), NOW), now=NOW, then=lambda _: None)
    assert list(made.items.values_list("insight", flat=True)) == [fresh.pk]


def test_ten_years_are_remembered_by_the_vectors_of_one(ada: Reader) -> None:
    for year in range(10):
        for month in range(3):
            at = NOW - timedelta(days=1 + 365 * year + 30 * month)
            sent(ada, at, said(10 * year + month, found=at))
    kept = past(ada)
    assert len(kept.sent) == 5  # of the last 400 days
    assert len(kept.points) == len(kept.insights) == 3  # found within the longest absence
    assert timedelta(days=365) < REMEMBERED


def test_of_thousands_of_answers_the_latest_of_each_kind_are_read(ada: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "MOST_REMEMBERED", 2)
    for number in range(5):
        for kind in ("save", "less"):
            at = NOW - timedelta(days=number)
            Feedback.objects.create(reader=ada, insight=said(2 * number + (kind == "less"), found=at), kind=kind, at=at)
    assert [(f.signal, f.text.split()[1]) for f in past(ada).feedback] == [
        ("save", "2"),
        ("less", "3"),
        ("save", "0"),
        ("less", "1"),
    ]
