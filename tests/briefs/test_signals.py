from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefs.examples import NOW, axis, insight
from takefive.briefs.pool import Pool
from takefive.briefs.signals import NAMES, Asking, nearness, scaled, signals, with_sent
from takefive.briefs.values import Profile, Tired, TiredOf


def told(profile=Profile(), interests=None, unwanted=None, vector=None):
    pool = Pool.of([insight(1, vector)], NOW)
    signal = with_sent(signals(pool, Asking(profile, interests, unwanted)), pool, profile.sent_vectors)
    return dict(zip(NAMES, signal.values[0].tolist(), strict=True))


def test_what_the_reader_never_spoke_of_is_nothing():
    silent = told()
    assert [silent[name] for name in ("relevance", "liked", "words", "followed", "standing", "against")] == [0] * 6
    assert silent["novelty"] == 1


def test_what_points_where_the_liked_point_is_liked():
    crowd = [insight(i, axis(i % 6, 0.9, rest=6 + i % 6)) for i in range(60)]
    liked = signals(Pool.of(crowd, NOW), Asking(Profile(liked_vectors=np.stack([axis(0), axis(1)]))))
    by_axis = [liked.values[i::6, NAMES.index("liked")].mean() for i in range(6)]
    assert min(by_axis[:2]) > 0.1 > 0.05 > max(by_axis[2:])


def test_what_shares_rare_words_with_the_liked_is_like_it_by_name():
    texts = ["whales sing at night", "whales sing", "ships sail at night", "ships sail far", "trains run at night"]
    pool = Pool.of([insight(i, headline=words, text="") for i, words in enumerate(texts)], NOW)
    words = signals(pool, Asking(Profile(liked_texts=("how whales sing",)))).values[:, NAMES.index("words")]
    assert words[1] == words.max() == 1
    assert words[0] > 0.5
    assert words[2:].max() == 0


def test_standing_may_be_negative():
    assert told(Profile(standing={1: -0.5}))["standing"] == -0.5


@given(st.floats(-1, 1, width=32))
def test_a_cosine_becomes_a_share(cosine):
    assert 0 <= float(scaled(np.array([cosine], dtype=np.float32))[0]) <= 1


def test_many_readers_at_once_are_told_what_each_is_told_alone(crowd, monkeypatch):
    pool, rng = Pool.of(crowd, NOW), np.random.default_rng(3)

    def some(most):
        picked = rng.integers(0, len(crowd), rng.integers(0, most))
        return np.stack([crowd[row].vector for row in picked]) if len(picked) else None

    def tired(vectors):
        subjects = () if vectors is None else vectors
        return TiredOf(subjects=tuple(Tired(middle=middle, times=1, insights=()) for middle in subjects))

    readers = [Asking(Profile(liked_vectors=some(4), tired=tired(some(4))), some(4), some(3)) for _ in range(40)]
    monkeypatch.setattr("takefive.briefs.signals.MOST_AT_ONCE", 17)  # so that there are several products
    for reader, near in zip(readers, nearness(pool, readers), strict=True):
        together, alone = signals(pool, reader, near), signals(pool, reader)
        assert np.allclose(together.values, alone.values, atol=1e-5)
        assert np.allclose(together.cosine, alone.cosine, atol=1e-6)
