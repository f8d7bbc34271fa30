from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.fuse import reciprocal_rank


def test_what_both_rankings_like_comes_before_what_one_likes_best() -> None:
    assert reciprocal_rank([1, 2, 3], [4, 2, 5])[0] == 2


def test_one_ranking_stays_as_it_is() -> None:
    assert reciprocal_rank([3, 1, 2]) == [3, 1, 2]


def test_ties_go_to_the_smaller_id() -> None:
    assert reciprocal_rank([9], [4]) == [4, 9]


def test_a_repeated_id_counts_once() -> None:
    assert reciprocal_rank([1, 1, 1], [2], [2]) == [2, 1]


def test_no_rankings_give_nothing() -> None:
    assert reciprocal_rank() == []
    assert reciprocal_rank([], []) == []


@given(st.lists(st.lists(st.integers(0, 20)), max_size=4))
def test_every_id_comes_back_exactly_once(rankings: list[list[int]]) -> None:
    fused = reciprocal_rank(*rankings)
    assert len(fused) == len(set(fused))
    assert set(fused) == {item for ranking in rankings for item in ranking}
