from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefs.examples import NOW, axis, insight
from takefive.briefs.pool import Pool
from takefive.briefs.signals import NAMES, scaled, signals
from takefive.briefs.values import Profile


def told(profile=Profile(), interests=None, unwanted=None, vector=None):
    signal = signals(Pool.of([insight(1, vector)], NOW), profile, interests, unwanted)
    return dict(zip(NAMES, signal.values[0].tolist(), strict=True))


def test_what_the_reader_never_spoke_of_is_nothing():
    silent = told()
    assert [silent[name] for name in ("relevance", "liked", "followed", "standing", "against")] == [0] * 5
    assert silent["novelty"] == 1


def test_the_liked_count_by_their_mean_and_the_disliked_by_the_nearest():
    vectors = np.stack([axis(0), axis(1)])
    both = told(Profile(liked_vectors=vectors, disliked_vectors=vectors), vector=axis(0, 0.6))
    assert 0 < both["liked"] < both["against"]


def test_standing_may_be_negative():
    assert told(Profile(standing={1: -0.5}))["standing"] == -0.5


@given(st.floats(-1, 1, width=32))
def test_a_cosine_becomes_a_share(cosine):
    assert 0 <= float(scaled(np.array([cosine], dtype=np.float32))[0]) <= 1
