from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.briefs.words import Words

TEXTS = ["the bees dance", "the bees fly", "the ships sail", "the ships dance", "alone"]


def test_a_text_is_most_like_itself():
    assert Words.of(TEXTS).likeness(["Bees DANCE!"]).argmax() == 0
    assert Words.of(TEXTS).likeness(["the bees dance"])[0] == pytest.approx(1.0)


def test_words_that_all_or_only_one_have_tell_nothing():
    assert Words.of(["the bees", "the ships"]).likeness(["the bees"]).tolist() == [0, 0]


def test_what_was_never_seen_is_like_nothing():
    assert Words.of(TEXTS).likeness(["quarks"]).tolist() == [0] * 5
    assert Words.of([]).likeness(["bees"]).shape == (0,)


@given(
    st.lists(st.text(alphabet="abc ", max_size=30), max_size=8),
    st.lists(st.text(alphabet="abc ", max_size=30), min_size=1, max_size=3),
)
def test_likeness_is_a_share(texts, wanted):
    likeness = Words.of(texts).likeness(wanted)
    assert ((likeness >= 0) & (likeness <= np.float32(1.0001))).all()
