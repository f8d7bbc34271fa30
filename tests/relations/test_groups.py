from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.groups import components

PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30)


def test_a_chain_is_no_group() -> None:
    assert components([(1, 2), (2, 3)], {1: 0.9, 2: 0.5, 3: 0.1}) == [[1, 2]]


def test_all_who_make_the_point_of_the_best_put_and_of_each_other_join_it() -> None:
    assert components([(1, 2), (2, 3), (1, 3)], {2: 0.9}) == [[2, 1, 3]]


def test_two_who_do_not_agree_are_not_joined_by_a_third() -> None:
    assert components([(1, 2), (2, 3)], {2: 0.9}) == [[2, 1]]


def test_those_left_over_make_groups_of_their_own() -> None:
    assert components([(1, 2), (2, 3), (2, 4), (3, 4)], {1: 0.9}) == [[1, 2], [3, 4]]


def test_a_point_paired_with_itself_is_no_group() -> None:
    assert components([(1, 1)]) == []


@given(PAIRS, st.integers())
def test_groups_do_not_depend_on_the_order_of_pairs(pairs: list[tuple[int, int]], seed: int) -> None:
    shuffled = [(b, a) for a, b in pairs]
    random.Random(seed).shuffle(shuffled)
    assert components(shuffled) == components(pairs)


@given(PAIRS)
def test_any_two_of_a_group_make_the_same_point_and_nobody_is_in_two(pairs: list[tuple[int, int]]) -> None:
    known = {frozenset(pair) for pair in pairs}
    groups = components(pairs)
    assert all(frozenset(two) in known for group in groups for two in combinations(group, 2))
    members = [member for group in groups for member in group]
    assert len(members) == len(set(members))


@given(PAIRS)
def test_nobody_who_could_join_a_group_is_left_alone(pairs: list[tuple[int, int]]) -> None:
    known = {frozenset(pair) for pair in pairs}
    groups = components(pairs)
    alone = {one for pair in pairs for one in pair} - {member for group in groups for member in group}
    assert not any(all(frozenset((one, member)) in known for member in group) for one in alone for group in groups)
    assert not any(frozenset(two) in known for two in combinations(alone, 2))


@given(PAIRS)
def test_a_part_of_the_graph_gives_the_same_groups_alone(pairs: list[tuple[int, int]]) -> None:
    apart = [(a + 100, b + 100) for a, b in pairs]
    whole = components(pairs + apart)
    assert [group for group in whole if group[0] < 100] == components(pairs)
