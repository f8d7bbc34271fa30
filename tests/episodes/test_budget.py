"""Spending a day's minutes where they are worth most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from takefive.episodes.budget import Budget, Offer, choose, worth
from takefive.feeds.values import ParsedEpisode, TranscriptLink

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NOTES = " ".join(f"topic{n}" for n in range(80))


def offer(name: str, *, podcast: int = 1, minutes: float | None = 30, followers: int = 0, **more) -> Offer:
    plain = {
        "raw_summary": NOTES,
        "published": NOW,
        "duration": minutes and minutes * 60,
        "audio_url": "https://a.example/a.mp3",
    }
    return Offer(podcast=podcast, followers=followers, episode=ParsedEpisode(guid=name, title=name, **(plain | more)))


def chosen(*offers: Offer, minutes: float = 60, each: float = 1_000, megabytes: float = 1e9) -> list[str]:
    budget = Budget(minutes=minutes, minutes_each=each, megabytes=megabytes)
    return [o.episode.guid for o in choose(offers, budget, now=NOW)]


def test_what_a_publisher_transcribed_costs_nothing() -> None:
    free = offer("free", minutes=600, transcripts=(TranscriptLink(url="https://a.example/t.vtt"),))
    assert chosen(offer("paid"), free, minutes=0) == ["free"]


def test_followed_shows_come_first() -> None:
    assert chosen(offer("rich"), offer("followed", raw_summary="", followers=1), minutes=30) == ["followed"]


def test_show_notes_with_substance_come_before_empty_ones() -> None:
    assert chosen(offer("empty", raw_summary=""), offer("rich"), minutes=30) == ["rich"]


def test_reruns_and_old_ones_come_last() -> None:
    assert (
        chosen(offer("Best of May"), offer("old", published=NOW - timedelta(days=9)), offer("new"), minutes=60)[0]
        == "new"
    )


def test_no_podcast_eats_the_day() -> None:
    assert chosen(offer("a1"), offer("a2"), offer("b", podcast=2), each=30) == ["a1", "b"]


def test_one_that_does_not_fit_makes_room_for_one_that_does() -> None:
    assert chosen(offer("long", minutes=90, followers=9), offer("short", minutes=20), minutes=60) == ["short"]


def test_megabytes_count_too() -> None:
    assert chosen(offer("big", audio_bytes=900_000_000), offer("small", audio_bytes=9_000_000), megabytes=100) == [
        "small"
    ]


offers = st.builds(
    offer,
    st.uuids().map(str),
    podcast=st.integers(1, 4),
    minutes=st.none() | st.floats(1, 300),
    followers=st.integers(0, 9),
    published=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)


@given(st.lists(offers, max_size=30), st.floats(0, 500), st.floats(0, 200))
def test_the_budget_is_never_overspent(many: list[Offer], minutes: float, each: float) -> None:
    taken = choose(many, Budget(minutes=minutes, minutes_each=each), now=NOW)
    cost = lambda some: sum((o.episode.duration or 2_700) / 60 for o in some)  # noqa: E731
    assert cost(taken) <= minutes + 1e-6
    assert all(cost(o for o in taken if o.podcast == p) <= each + 1e-6 for p in range(1, 5))
    assert all(0 <= worth(o.episode, now=NOW) <= 1 for o in many)


def test_what_was_spent_today_is_not_spent_again() -> None:
    budget = Budget(minutes=100, minutes_each=60)
    spent = [offer("earlier", podcast=1, minutes=50)]
    taken = choose([offer("same show", podcast=1), offer("other", podcast=2)], budget, now=NOW, spent=spent)
    assert [o.episode.guid for o in taken] == ["other"]


def test_money_ends_the_day_like_minutes_do() -> None:
    budget = Budget(minutes=1_000, minutes_each=1_000, cents=36, cents_per_hour=36)
    assert budget.affordable == 60
    assert len(choose([offer(f"e{n}") for n in range(5)], budget, now=NOW)) == 2


def test_audio_without_a_length_counts_as_usual_audio_does() -> None:
    assert chosen(offer("no length", audio_bytes=0, minutes=100), megabytes=50) == []
    assert chosen(offer("no length", audio_bytes=0, minutes=30), megabytes=50) == ["no length"]


def test_one_podcast_cannot_spend_the_megabytes_or_the_money_of_the_others() -> None:
    huge = [offer(f"huge {n}", podcast=1, minutes=10, audio_bytes=60_000_000, followers=9) for n in range(3)]
    small = offer("small", podcast=2, minutes=10, audio_bytes=9_000_000)
    by_size = Budget(minutes=1_000, minutes_each=1_000, megabytes=1_000, megabytes_each=100)
    by_price = Budget(minutes=1_000, minutes_each=1_000, cents=100, cents_each=15, cents_per_hour=60)
    for budget in (by_size, by_price):
        taken = choose([*huge, small], budget, now=NOW)
        assert [o.podcast for o in taken] == [1, 2]
        assert [o.podcast for o in choose([*huge, small], budget, now=NOW, spent=huge[:1])] == [2]
