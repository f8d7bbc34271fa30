"""Opposite claims that people thought of are not said to make the same point, however alike their words are."""

from __future__ import annotations

import pytest

from relations.stances import FOUND_MERGED, OPPOSED, SAME, SECOND
from takefive.relations import same_point
from takefive.relations.signs import contrary, negations, opposites, replaced


def said_the_same(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    decided = same_point.decided(a, b, same_point.score(a, b))
    return [pair for pair, same in zip(pairs, decided, strict=True) if same]


@pytest.mark.parametrize("known", [OPPOSED, FOUND_MERGED])
def test_none_of_the_known_opposites_is_merged(known: list[tuple[str, str]]) -> None:
    assert said_the_same(known) == []


def test_of_the_second_set_of_opposites_one_at_most_is_merged() -> None:
    assert len(said_the_same(SECOND)) <= 1


def test_a_claim_in_other_words_can_still_be_merged() -> None:
    assert len(said_the_same(SAME)) >= 2


@pytest.mark.parametrize(
    "pair", [("Sugar taxes work.", "Sugar taxes work."), ("Sugar taxes work.", "Sugar taxes work well.")]
)
def test_what_only_adds_words_replaces_none(pair: tuple[str, str]) -> None:
    assert not replaced(*pair)


def test_the_same_words_turned_round_are_contrary() -> None:
    assert contrary("Index funds beat managers.", "Managers beat index funds.")
    assert not contrary("Index funds beat managers.", "Index funds, they beat managers!")


def test_what_stands_against_each_other_can_be_phrases() -> None:
    assert opposites("Inflation is under control.", "Inflation is out of control.")
    assert opposites("TypeScript pays for itself.", "TypeScript costs more than it brings.")
    assert not opposites("The plane is under radar control.", "The plane ran out of fuel.")


def test_too_much_of_it_to_be_so_is_a_denial() -> None:
    assert negations("It is too steep a climb to be worth it") == 1
    assert negations("We went to the office too, to be seen") == 0


def test_words_in_a_long_text_that_stand_against_each_other_are_no_sign_alone() -> None:
    one = "Retrieving a memory changes it, so the more we remember something the more often the story of it has been rewritten."
    other = "Memories of life events are rebuilt each time, and what is told rarely stays as accurate as the first version was."
    assert not contrary(one, other)
