from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from relations.points import a_point
from takefive.relations import link as module
from takefive.relations.link import link
from takefive.relations.values import Point

SAME = 0.99


@pytest.fixture(autouse=True)
def sure_from_the_cosine(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about choosing, not about judging a pair: here a cosine of 0.99 makes the same point."""

    def sureness(text: str, others: Sequence[str], cosines: np.ndarray) -> np.ndarray:
        return np.where(cosines >= SAME, cosines, 0.0)

    monkeypatch.setattr(module.same_point, "sureness", sureness)


def ids(point: Point, neighbours: list[Point], kind: str = "related", top: int = 10) -> list[int]:
    return [found.to for found in link(point, neighbours, top=top) if found.kind == kind]


def test_what_makes_the_same_point_is_linked_as_such_and_not_as_related() -> None:
    point, neighbours = a_point(1), [a_point(2, 2), a_point(3, 40)]
    assert ids(point, neighbours, "same point") == [2]
    assert ids(point, neighbours) == [3]


def test_related_ones_do_not_repeat_each_other() -> None:
    assert ids(a_point(1), [a_point(2, 40), a_point(3, 41), a_point(4, -40)]) == [2, 4]


def test_other_episodes_come_first() -> None:
    neighbours = [a_point(2, 20, episode=1), a_point(3, 50), a_point(4, -50)]
    assert sorted(ids(a_point(1), neighbours, top=2)) == [3, 4]
    assert sorted(ids(a_point(1), neighbours, top=3)) == [2, 3, 4]


def test_a_second_podcast_is_chosen_before_more_of_the_first() -> None:
    neighbours = [a_point(2, 30, podcast=7), a_point(3, 45, podcast=7), a_point(4, -46, podcast=8)]
    assert sorted(ids(a_point(1), neighbours, top=2)) == [2, 4]


def test_what_is_far_away_is_not_related() -> None:
    assert link(a_point(1), [a_point(2, 85)]) == []


def test_never_oneself_and_never_twice() -> None:
    assert ids(a_point(1), [a_point(1), a_point(2, 30), a_point(2, 30)]) == [2]
    assert link(a_point(1), []) == []


def test_no_more_than_asked_and_the_nearest_first() -> None:
    neighbours = [a_point(n, 10.0 * n) for n in range(2, 8)]
    found = link(a_point(1), neighbours, top=3)
    assert len(found) == 3
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def test_every_link_says_why() -> None:
    assert all(found.reason for found in link(a_point(1), [a_point(2, 1), a_point(3, 30), a_point(4, 60)]))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_neighbours_does_not_matter(seed: int) -> None:
    draw = random.Random(seed)
    neighbours = [a_point(n, draw.uniform(-80, 80), episode=draw.randrange(8)) for n in range(2, 40)]
    first = link(a_point(1), neighbours)
    draw.shuffle(neighbours)
    assert link(a_point(1), neighbours) == first


def test_within_an_episode_only_a_near_copy_is_the_same_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.same_point, "sureness", lambda text, others, near: np.where(near >= 0.7, near, 0.0))
    neighbours = [a_point(2, 35, episode=1), a_point(3, 5, episode=1), a_point(4, -35)]
    assert sorted(ids(a_point(1), neighbours, "same point")) == [3, 4]


@pytest.mark.parametrize("noise", [1e-5, -1e-5])
@pytest.mark.parametrize(("first", "second"), [(2, 3), (3, 2)])
def test_equals_go_by_their_keys_whatever_their_ids_and_the_noise_of_floats(
    first: int, second: int, noise: float
) -> None:
    found = [a_point(first, 60 + noise, key="a"), a_point(second, -60, key="b")]
    assert ids(a_point(1), found) == [first, second]
