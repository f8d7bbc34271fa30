"""What readers say changes what they get: weights, points, news, absences; and each choice keeps what it was made with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import ProfileDocument
from takefive.briefs.reasons import OUTSIDE
from takefive.briefs.signals import NAMES
from takefive.pipeline import steer
from takefive.pipeline.candidates import Pools, candidates, for_reader
from takefive.pipeline.steps import brief as briefs
from takefive.pipeline.tastes import history
from takefive.store.models import Brief, BriefItem, Episode, Feedback, Insight, Podcast

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  # a Tuesday
DAY = NOW.date()
UNIT = np.eye(384, dtype=np.float32)


@pytest.fixture
def ada() -> Reader:
    return Reader.objects.create_user("ada@example.org", pk=77, status="active", hour=7)  # draws are seeded by it


def show(title: str) -> Podcast:
    return Podcast.objects.get_or_create(feed_url=f"https://feeds.example/{title}", defaults={"title": title})[0]


def said(number: int, of: str = "", *, found: datetime = NOW - timedelta(hours=1), **fields: Any) -> Insight:
    """One insight on a subject of its own, of a show of its own unless named."""
    episode = Episode.objects.create(
        podcast=show(of or f"Show {number}"), guid=f"{number}", title="One", published_at=found
    )
    told = {"headline": f"Point {number}", "text": f"Text {number}.", "score": 0.5, "speaker": f"Voice {number}"}
    told |= {"vector": UNIT[number % 384].tolist(), "topics": [f"topic{number}"]}
    return Insight.objects.create(
        episode=episode, position=1, quote=f"q{number}", kind="data", created_at=found, **told | fields
    )


def made(reader: Reader, now: datetime = NOW) -> Brief:
    return briefs.make(reader, now.date(), for_reader(reader, now.date(), now), now=now, then=lambda _: None)


def headlines(brief: Brief) -> list[str]:
    return list(brief.items.values_list("insight__headline", flat=True))


def test_each_choice_keeps_its_signals_its_propensity_and_its_voices(ada: Reader) -> None:
    best = said(1)
    said(2, same_as=best, vector=UNIT[1].tolist())
    item = made(ada).items.get()
    assert set(item.signals) == set(NAMES)
    assert item.score == pytest.approx(sum(item.parts.values()), abs=1e-3)
    assert (item.propensity, item.voices) == (1.0, 2)


def test_who_said_something_is_explored_with_the_same_all_day_and_it_is_logged(ada: Reader) -> None:
    for number in range(1, 30):  # the stronger, the older: which is first hangs on the weights
        said(number, score=0.95 - number / 100)
        Episode.objects.filter(guid=f"{number}").update(published_at=NOW - timedelta(days=30 - number))
    first = made(ada, NOW - timedelta(days=1))
    assert {item.propensity for item in first.items.all()} == {1.0}
    steer.act(ada.pk, first.items.all()[0].insight, "more", NOW)
    pool = candidates(NOW)
    one, other = (briefs.choose(ada, DAY, pool, now=NOW) for _ in range(2))
    assert one == other
    days = [briefs.choose(ada, DAY + timedelta(days=n), pool, now=NOW) for n in range(7)]
    odds = [choice.propensity for day in days for choice in day.choices if choice.reason != OUTSIDE]
    assert all(0 < chance <= 1 for chance in odds)
    assert min(odds) < 1


def test_more_brings_the_show_up_and_less_takes_its_like_down(ada: Reader) -> None:
    ada.serendipity = 0
    liked, disliked = said(1, "Liked"), said(2, "Disliked")
    Feedback.objects.create(reader=ada, insight=liked, kind="more", at=NOW)
    Feedback.objects.create(reader=ada, insight=disliked, kind="less", at=NOW)
    near = 0.7 * UNIT[2] + (1 - 0.7**2) ** 0.5 * UNIT[99]
    said(11, "Liked", score=0.9), said(12, vector=near.tolist(), score=0.95), said(13, score=0.9)
    parts = {c.id: c.signals for c in briefs.choose(ada, DAY, candidates(NOW), now=NOW).choices}
    names = dict(Insight.objects.values_list("pk", "headline"))
    by_name = {names[pk]: told for pk, told in parts.items()}
    assert by_name["Point 11"]["standing"] > 0
    assert "Point 12" not in by_name
    assert "Point 2" not in by_name


def test_what_a_reader_spoke_of_on_a_page_is_not_sent_to_them_later(ada: Reader) -> None:
    heard = said(1)
    said(2)
    steer.act(ada.pk, heard, "play", NOW)
    assert headlines(made(ada)) == ["Point 2"]


def test_what_is_taken_back_teaches_nothing(ada: Reader) -> None:
    insight = said(1)
    for name in ("more", "save", "undo more", "undo save"):
        steer.act(ada.pk, insight, name, NOW)
    assert history(ada) == []
    steer.act(ada.pk, insight, "save", NOW)
    assert [told.signal for told in history(ada)] == ["save"]


@pytest.mark.parametrize(
    "wish",
    [
        *("mute show", "snooze show", "mute topic topic1"),
        *("snooze topic topic1", "mute person Voice 1", "snooze person Voice 1"),
    ],
)
def test_what_is_muted_stays_away_and_comes_back_when_taken_back(wish: str, ada: Reader) -> None:
    insight = said(1)
    said(2)

    def got() -> set[int]:
        reader = Reader.objects.get()
        return {choice.id for choice in briefs.choose(reader, DAY, candidates(NOW), now=NOW).choices}

    assert insight.pk in got()
    steer.act(ada.pk, insight, wish, NOW)
    assert insight.pk not in got()
    steer.act(ada.pk, insight, f"undo {wish}", NOW)
    assert insight.pk in got()


def test_a_snoozed_show_comes_back_after_two_weeks(ada: Reader) -> None:
    steer.act(ada.pk, said(1, "Resting"), "snooze show", NOW)
    reader = Reader.objects.get()
    for days, there in ((13, False), (14, True)):
        now = NOW + timedelta(days=days)
        new = said(100 + days, "Resting", found=now - timedelta(hours=1))
        assert (new.pk in {c.id for c in briefs.choose(reader, now.date(), candidates(now), now=now).choices}) == there


def test_a_dislike_in_the_sentence_keeps_its_subject_away(ada: Reader) -> None:
    from takefive.relations.embed import default_embedder

    text = "The price of Bitcoin and other crypto coins fell by half within a week."
    vector = default_embedder().encode([text])[0].tolist()
    crypto = said(1, text=text, headline="Bitcoin fell by half", vector=vector, score=0.6)
    said(2)
    ids = {}
    for interests in ("", "not crypto prices"):
        ada.interests = interests
        ids[interests] = {choice.id for choice in briefs.choose(ada, DAY, candidates(NOW), now=NOW).choices}
    assert crypto.pk in ids[""]
    assert crypto.pk not in ids["not crypto prices"]


def test_people_and_languages_of_the_profile_count(ada: Reader) -> None:
    muted, followed, german = said(1), said(2), said(3, "Deutsch")
    Podcast.objects.filter(title="Deutsch").update(language="de-AT")
    wishes = ProfileDocument(mute_people=("voice 1",), follow_people=("VOICE 2",), languages=("en",), serendipity=0)
    Podcast.objects.exclude(title="Deutsch").update(language="en")
    composed = briefs.choose(ada, DAY, candidates(NOW), now=NOW, document=wishes)
    reasons = {choice.id: choice.reason for choice in composed.choices}
    assert reasons == {followed.pk: "you follow Voice 2"}
    assert not {muted.pk, german.pk} & set(reasons)


# New to you


def test_a_point_sent_in_other_words_never_returns(ada: Reader) -> None:
    said(1)
    assert headlines(made(ada, NOW - timedelta(days=1))) == ["Point 1"]
    again = 0.9 * UNIT[1] + (1 - 0.9**2) ** 0.5 * UNIT[50]
    said(2, vector=again.tolist()), said(3)
    assert headlines(made(ada)) == ["Point 3"]


def test_a_point_sent_and_then_put_better_by_another_never_returns(ada: Reader) -> None:
    first = said(1)
    made(ada, NOW)
    better = said(2, vector=(0.6 * UNIT[1] + 0.8 * UNIT[2]).tolist(), score=0.9)
    Insight.objects.filter(pk=first.pk).update(same_as=better)
    assert headlines(made(ada, NOW + timedelta(days=1))) == []


def test_a_fourth_voice_is_news_once_and_says_so(ada: Reader) -> None:
    point = said(1, found=NOW - timedelta(days=2))
    assert headlines(made(ada, NOW - timedelta(days=1))) == ["Point 1"]
    for number in (2, 3):
        said(number, same_as=point, vector=UNIT[1].tolist())
    assert headlines(made(ada)) == []  # three voices: not yet
    said(4, same_as=point, vector=UNIT[1].tolist(), found=NOW + timedelta(minutes=1))
    said(5, same_as=point, vector=UNIT[1].tolist(), found=NOW)
    tomorrow = made(ada, NOW + timedelta(days=1)).items.get()
    assert (tomorrow.insight.headline, tomorrow.reason) in {
        ("Point 5", "a fourth voice: Voice 5"),  # found a minute before the other
        ("Point 4", "a fifth voice: Voice 4"),
    }
    assert tomorrow.voices == 5
    said(6, same_as=point, vector=UNIT[1].tolist(), found=NOW + timedelta(days=1))
    assert headlines(made(ada, NOW + timedelta(days=2))) == []


def test_who_says_a_point_four_times_is_one_voice(ada: Reader) -> None:
    point = said(1, speaker="Ada Byron", found=NOW - timedelta(days=2))
    made(ada, NOW - timedelta(days=1))
    for number in (2, 3, 4, 5):
        said(number, "Ada's show", same_as=point, vector=UNIT[number].tolist(), speaker="ADA BYRON ")
    said(6, "Ada's show", same_as=point, vector=UNIT[6].tolist(), speaker="")
    assert headlines(made(ada)) == []
    assert {c.voices for c in candidates(NOW).candidates} == {1}  # the nameless one on her show may be hers


def test_a_point_of_many_voices_spoken_of_on_a_page_is_no_news(ada: Reader) -> None:
    point = said(1)
    for number in range(2, 9):
        said(number, same_as=point, vector=UNIT[number].tolist())
    steer.act(ada.pk, point, "play", NOW)
    assert headlines(made(ada)) == []


def test_who_was_not_sent_a_point_gets_the_insight_that_puts_it_best(ada: Reader) -> None:
    point = said(1)
    for number in (2, 3, 4):
        said(number, same_as=point, vector=UNIT[1].tolist(), score=0.9)
    assert headlines(made(ada)) == ["Point 1"]


# Honest volume


def test_after_an_absence_come_the_best_five_of_it(ada: Reader) -> None:
    Brief.objects.create(reader=ada, day=DAY - timedelta(days=30))
    for number in range(1, 9):
        said(number, found=NOW - timedelta(days=3 * number), score=0.5 + number / 100)
    said(20, found=NOW - timedelta(days=40), score=0.99)
    briefs.run(now=NOW, then=lambda _: None)
    assert set(headlines(Brief.objects.get(day=DAY))) <= {f"Point {number}" for number in range(1, 9)}
    assert "Point 8" in headlines(Brief.objects.get(day=DAY))
    assert Brief.objects.get(day=DAY).items.count() == 5


def test_an_absence_is_filled_before_its_best_are_cut(ada: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.pipeline.candidates._MOST", 2)
    weak = said(1, found=NOW - timedelta(days=9), score=0.5)
    for number in (2, 3, 4):
        said(number, found=NOW - timedelta(days=40 + number), score=0.9)
    assert list(Pools(NOW).of(DAY, DAY - timedelta(days=10)).id) == [weak.pk]


def test_a_show_that_someone_follows_is_never_cut_from_the_week(ada: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.pipeline.candidates._MOST", 2)
    old, other = said(1, "Followed", found=NOW - timedelta(days=3)), said(2, found=NOW - timedelta(days=3))
    said(3), said(4)
    assert not {old.pk, other.pk} & set(candidates(NOW).id.tolist())
    change(ada.pk, lambda document: document.with_name("follow_podcasts", "https://feeds.example/Followed"))
    got = set(candidates(NOW).id.tolist())
    assert old.pk in got
    assert (other.pk in got, len(got)) == (False, 3)


def test_who_was_not_away_gets_the_last_week_only(ada: Reader) -> None:
    Brief.objects.create(reader=ada, day=DAY - timedelta(days=1))
    said(1), said(2, found=NOW - timedelta(days=9), score=0.9)
    briefs.run(now=NOW, then=lambda _: None)
    assert headlines(Brief.objects.get(day=DAY)) == ["Point 1"]


def test_the_candidates_of_a_moment_are_read_once_for_all(django_assert_num_queries: Any) -> None:
    said(1)
    pools = Pools(NOW)
    with django_assert_num_queries(6):  # the week, 30 and 60 days, with their voices
        for last in (None, DAY - timedelta(days=1), DAY - timedelta(days=20), DAY - timedelta(days=90)):
            assert len(pools.of(DAY, last).candidates) == 1


def test_nothing_worth_the_time_gives_no_mail(ada: Reader) -> None:
    change(ada.pk, lambda document: document.with_name("mute_podcasts", "https://feeds.example/Show 1"))
    said(1)
    deliveries: list[int] = []
    briefs.run(now=NOW, then=deliveries.extend)
    assert (Brief.objects.get().items.count(), deliveries) == (0, [])


# What would have been


def test_last_week_is_as_if_nothing_of_it_had_been_sent(ada: Reader) -> None:
    said(1)
    made(ada)
    composed = briefs.last_week(ada, document_of(ada), now=NOW + timedelta(hours=1))
    assert len(composed.choices) == 1
    assert BriefItem.objects.count() == 1
    assert composed.day == date(2026, 11, 24)
