from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.spelling import closest, distance, edits, slips, spelled

LETTERS = "abcde"


def test_words_are_letters_only_and_of_some_length() -> None:
    assert spelled("The Kubernetes-API, 24h, naïve café's x" + "y" * 30) == {"kubernetes", "naïve", "café"}


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [("sleep", "sleep", 0), ("sleep", "slep", 1), ("sleep", "selep", 1), ("sleep", "slxxp", 2), ("", "abc", 3)],
)
def test_distance_counts_letters_and_swaps(a: str, b: str, far: int) -> None:
    assert distance(a, b) == distance(b, a) == far


@given(word=st.text(LETTERS, min_size=4, max_size=12), other=st.text(LETTERS, min_size=4, max_size=12))
def test_two_words_within_reach_share_a_slip(word: str, other: str) -> None:
    if distance(word, other) <= min(edits(word), edits(other)):
        assert slips(word) & slips(other)


@given(word=st.text(LETTERS, min_size=8, max_size=12), data=st.data())
def test_any_two_slips_of_the_pen_find_the_word_again(word: str, data: st.DataObject) -> None:
    mistyped = word
    for _ in range(2):
        at = data.draw(st.integers(0, len(mistyped) - 1))
        kind = data.draw(st.sampled_from(["leave out", "put in", "replace"]))
        letter = data.draw(st.sampled_from(LETTERS))
        mistyped = mistyped[:at] + (letter if kind != "leave out" else "") + mistyped[at + (kind != "put in") :]
    if len(mistyped) >= 7 and mistyped != word:
        assert slips(word) & slips(mistyped)
        assert closest(mistyped, [word]) == [word]


def test_the_closest_keep_the_first_letter_if_they_can() -> None:
    assert closest("slep", ["sleep", "step", "flep", "slept", "asleep"]) == ["sleep", "slept", "step"]
    assert closest("slep", ["flep"]) == ["flep"]
    assert closest("slep", ["slep", "kitchen"]) == []
    assert closest("cat", ["cut"]) == []
