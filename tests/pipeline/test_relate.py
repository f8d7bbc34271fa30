"""Links depend on which insights there are: not on the order they came in, nor on what was there in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from takefive.pipeline.steps import relate
from takefive.relations import same_point
from takefive.store.models import Episode, Insight, Neighbourhood, Podcast, Relation

NOW = datetime(2024, 5, 3, tzinfo=UTC)
SHOWS, EPISODES, EACH = 3, 6, 3


@pytest.fixture
def small_world(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links are chosen from four neighbours, so that most insights lie beyond; texts with one word make one point."""

    def sureness(text: str, others: Sequence[str], cosines: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        same = np.array([text.split()[0] == other.split()[0] for other in others], dtype=bool)
        return np.where(same & (cosines > 0.3), 0.95, 0.0)

    monkeypatch.setattr("takefive.relations.same_point.sureness", sureness)
    monkeypatch.setattr(relate, "NEIGHBOURS", 4)


def shows() -> list[Podcast]:
    made = [Podcast.objects.create(feed_url=f"https://feeds.example/{n}", title=f"Show {n}") for n in range(SHOWS)]
    for n in range(EPISODES):
        Episode.objects.create(podcast=made[n % SHOWS], guid=f"{n}", title=f"Episode {n}")
    return made


def comes(n: int) -> None:
    """The episode's insights are found and related; always the same ones, whenever that is."""
    episode = Episode.objects.get(guid=f"{n}")
    chance = np.random.default_rng(n)
    for at in range(EACH):
        vector = np.zeros(384, dtype=np.float32)
        vector[:6] = chance.normal(size=6)
        words = f"{'abc'[chance.integers(3)]} {n} {at}"
        texts = {"headline": words, "text": words, "quote": words, "kind": "claim", "score": float(chance.random())}
        Insight.objects.create(episode=episode, position=at, vector=vector / np.linalg.norm(vector), **texts)
    Episode.objects.filter(pk=episode.pk).update(stage=Episode.Stage.EXTRACTED)
    relate.run(episode.pk, now=NOW)


def links() -> tuple[set[object], set[object]]:
    """All links and all groups, by what lasts."""
    columns = ("source__headline", "target__headline", "kind", "rank", "score", "reason")
    rows = Relation.objects.values_list(*columns)
    return set(rows), set(Insight.objects.values_list("headline", "same_as__headline"))


def rebuilt() -> tuple[set[object], set[object]]:
    relate.renew(set(Insight.objects.values_list("pk", flat=True)))
    return links()


@pytest.mark.usefixtures("small_world")
def test_an_episode_s_own_links_are_there_at_once_and_its_neighbours_follow() -> None:
    shows()
    comes(0)
    comes(1)
    fresh = Insight.objects.filter(episode__guid="1")
    assert {one.relations.exists() for one in fresh} == {True}
    assert not Neighbourhood.objects.filter(insight__in=fresh, stale=True).exists()
    assert relate.stale()
    relate.catch_up()
    assert not relate.stale()
    assert Relation.objects.filter(source__episode__guid="0", target__episode__guid="1").exists()


@pytest.mark.usefixtures("small_world")
def test_who_is_far_away_is_not_linked_again() -> None:
    shows()
    for n in range(EPISODES - 1):
        comes(n)
    relate.catch_up()
    comes(EPISODES - 1)
    told = Neighbourhood.objects.filter(stale=True).count()
    assert 0 < told < Insight.objects.count() - EACH


Change = Callable[[list[Podcast]], object]
CHANGES: dict[str, Change] = {
    "an insight goes": lambda made: Insight.objects.order_by("public_id")[0].delete(),
    "a show goes": lambda made: made.pop().delete() if len(made) > 1 else None,
    "a show turns private": lambda made: Podcast.objects.filter(pk=made[0].pk).update(private=True),
    "a show is public again": lambda made: Podcast.objects.update(private=False, blocked=False),
    "a publisher asks to be left out": lambda made: Podcast.objects.filter(pk=made[-1].pk).update(blocked=True),
    "the others catch up": lambda made: relate.catch_up(),
}


@pytest.mark.usefixtures("small_world")
@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(EPISODES)), changes=st.lists(st.sampled_from(sorted(CHANGES)), max_size=5))
def test_increments_in_any_order_with_anything_between_end_as_a_rebuild_does(
    order: list[int], changes: list[str]
) -> None:
    Podcast.objects.all().delete()
    made = shows()
    for at, n in enumerate(order):
        if Episode.objects.filter(guid=f"{n}").exists():
            comes(n)
        if at < len(changes):
            CHANGES[changes[at]](made)
    relate.catch_up()
    assert links() == rebuilt()


@pytest.mark.usefixtures("small_world")
def test_two_orders_end_the_same() -> None:
    found = []
    for order in (range(EPISODES), reversed(range(EPISODES))):
        Podcast.objects.all().delete()
        shows()
        for n in order:
            comes(n)
        relate.catch_up()
        found.append(links())
    assert found[0] == found[1]
    assert len(found[0][0]) > 20
    assert any(best for _, best in found[0][1])  # type: ignore[misc]


@pytest.mark.usefixtures("small_world")
def test_nothing_of_a_show_that_turned_private_is_linked_from_the_others() -> None:
    made = shows()
    for n in range(EPISODES):
        comes(n)
    relate.catch_up()
    Podcast.objects.filter(pk=made[0].pk).update(private=True)
    relate.catch_up()
    crossing = Relation.objects.filter(target__episode__podcast=made[0])
    assert crossing.exists()
    assert not crossing.exclude(source__episode__podcast=made[0]).exists()
    assert not Relation.objects.filter(source__episode__podcast=made[0]).exclude(target__episode__podcast=made[0])


@pytest.mark.django_db
def test_what_was_read_closely_once_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    class Tuned:
        def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
            read.extend(texts)
            return np.full((len(texts), 384), 384**-0.5, dtype=np.float32)

    monkeypatch.setattr(same_point, "same_point_embedder", Tuned)
    monkeypatch.setattr(same_point, "_vectors", {})
    show = Podcast.objects.create(feed_url="https://feeds.example/1")
    for word in ("well", "tight"):
        episode = Episode.objects.create(podcast=show, guid=word, stage=Episode.Stage.EXTRACTED)
        texts = {"headline": f"Sleep {word}", "text": "It helps.", "quote": word, "kind": "claim", "score": 0.5}
        Insight.objects.create(episode=episode, position=0, vector=np.eye(384)[0], **texts)
        relate.run(episode.pk, now=NOW)
    relate.catch_up()
    assert sorted(read) == ["Sleep tight. It helps.", "Sleep well. It helps."]
    before = links()
    assert Relation.objects.filter(kind="same point").count() == 2
    same_point._vectors.clear()  # another process
    assert rebuilt() == before
    assert len(read) == 2
    monkeypatch.setattr(same_point, "version", lambda: "another")
    same_point._vectors.clear()
    rebuilt()
    assert len(read) == 4
