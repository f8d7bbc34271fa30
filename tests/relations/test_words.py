from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.words import KEPT, numbers, stem, telling, weight, words


def test_function_words_tell_nothing_and_rare_words_most() -> None:
    assert weight("the") == 0
    assert 0 < weight("business") < weight("cluster") <= weight("kubernetes") == 1


@pytest.mark.parametrize(
    ("one", "other"), [("cache", "caching"), ("caches", "cached"), ("stopped", "stop"), ("company", "company")]
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_numbers_are_compared_without_their_thousands_marks() -> None:
    assert numbers("3,000 of 12.5 and 7") == {"3000", "12.5", "7"}


def test_only_telling_words_are_kept() -> None:
    assert set(telling("It was the Kubernetes of its day")) >= {stem("kubernetes")}
    assert stem("the") not in telling("the end of the day")


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(word in text for word in words(text))
    assert all(0 < value <= 1 for value in telling(text).values())


def test_whatever_visitors_type_in_only_so_many_words_are_remembered() -> None:
    telling(" ".join(f"{a}{b}{c}{d}{e}" for a, b, c, d, e in product("bcdfghjklm", repeat=5)))
    assert stem.cache_info().currsize == weight.cache_info().currsize == KEPT
