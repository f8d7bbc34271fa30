from __future__ import annotations

import numpy as np
import pytest
from django.db import transaction

from takefive.store.models import Episode, Insight, Neighbourhood, Podcast
from takefive.store.nearest import NO_END, Near, mark_near, nearest


def insight(episode: Episode, n: int, vector: np.ndarray) -> Insight:
    texts = {"headline": f"{n}", "text": "x", "quote": f"{n}", "kind": "data"}
    return Insight.objects.create(episode=episode, position=n, score=0.5, vector=vector, **texts)


def an_episode(number: int = 1, **podcast: bool) -> Episode:
    show = Podcast.objects.create(feed_url=f"https://feeds.example/{number}", **podcast)
    return Episode.objects.create(podcast=show, guid=str(number))


@pytest.mark.django_db
def test_equals_come_by_public_id_at_the_cut_too() -> None:
    episode = an_episode()
    near, far = np.eye(384, dtype=np.float32)[:2]
    one, *others = (insight(episode, n, v) for n, v in enumerate([near, near, near, near, near * 0.9999, far]))
    by_public_id = [other.pk for other in sorted(others[:4], key=lambda other: other.public_id)]
    with transaction.atomic():
        assert nearest([one.pk], 3) == {one.pk: Near(by_public_id[:3], reach=1.0)}
        assert nearest([one.pk], 5) == {one.pk: Near([*by_public_id, others[4].pk], reach=0.0)}
        assert nearest([one.pk], 9) == {one.pk: Near([*by_public_id, others[4].pk], reach=NO_END)}


@pytest.mark.django_db
def test_a_private_show_s_insights_stand_among_themselves() -> None:
    public, private, blocked = an_episode(1), an_episode(2, private=True), an_episode(3, blocked=True)
    vectors = np.eye(384, dtype=np.float32)
    open_, *_ = (insight(public, n, vectors[n]) for n in range(1))
    a, b = (insight(private, n, vectors[0]) for n in range(2))
    lonely = insight(blocked, 0, vectors[0])
    with transaction.atomic():
        found = nearest([open_.pk, a.pk, b.pk, lonely.pk], 5)
    assert found == {a.pk: Near([b.pk]), b.pk: Near([a.pk])}


def crowd(episode: Episode, vector: np.ndarray) -> None:
    """More than are looked at around one insight."""
    around = vector + np.random.default_rng(0).normal(size=(220, 384)).astype(np.float32) / 100
    texts = {"headline": "x", "text": "x", "quote": "x", "kind": "data", "score": 0.1}
    Insight.objects.bulk_create(
        Insight(episode=episode, public_id=f"{episode.pk}-{n}", position=n, vector=one / np.linalg.norm(one), **texts)
        for n, one in enumerate(around)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", [{"private": True}, {"blocked": True}], ids=str)
def test_a_crowd_of_hidden_ones_keeps_nobody_from_being_told_of_a_new_one(hidden: dict[str, bool]) -> None:
    new, far = np.eye(384, dtype=np.float32)[:2]
    old = insight(an_episode(1), 0, far)
    crowd(an_episode(2, **hidden), new)
    Neighbourhood.objects.create(insight=old, reach=NO_END)
    mark_near([insight(an_episode(3), 0, new).pk])
    assert Neighbourhood.objects.get().stale


@pytest.mark.django_db
def test_a_hidden_one_is_told_to_its_own_show_alone_of_the_hidden_ones() -> None:
    new, far = np.eye(384, dtype=np.float32)[:2]
    own = an_episode(1, private=True)
    crowd(an_episode(2), new)
    sibling, stranger = insight(own, 0, far), insight(an_episode(3, private=True), 0, new)
    Neighbourhood.objects.bulk_create(Neighbourhood(insight=one, reach=NO_END) for one in (sibling, stranger))
    mark_near([insight(own, 1, new).pk])
    assert [one.insight for one in Neighbourhood.objects.filter(stale=True)] == [sibling]
