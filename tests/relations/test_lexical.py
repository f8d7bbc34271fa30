from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.relations.lexical import Overlap, likeness

TEXTS = [
    "Kafka brokers replicate partitions.",
    "A broker in Kafka lost its partition.",
    "Bread needs salt.",
    "and of the",
]


def test_texts_that_share_telling_words_are_alike_whatever_their_endings() -> None:
    first = Overlap(TEXTS).cosines(0)
    assert first[1] > 0.3
    assert first[2] == first[3] == 0


def test_a_word_that_all_have_tells_less_than_one_that_two_have() -> None:
    texts = ["bitcoin wallets", "bitcoin miners", "bitcoin wallets forever", "bitcoin fees", "bitcoin forks"]
    first = Overlap(texts).cosines(0)
    assert first[2] > 2 * first[1] > 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abcdeé' .", max_size=30), max_size=8))
def test_every_text_is_like_itself_or_says_nothing_and_likeness_goes_both_ways(texts: list[str]) -> None:
    overlap = Overlap(texts)
    table = overlap.within(range(len(texts)))
    assert table.shape == (len(texts), len(texts))
    assert np.allclose(table, table.T, atol=2e-5)
    assert all(value in (0, 1) for value in np.diag(table))
    assert ((table >= 0) & (table <= 1)).all()


def test_likeness_lies_between_the_meaning_and_the_words() -> None:
    assert likeness(np.array([0.4]), np.array([0.2])).round(3).tolist() == [0.28]
