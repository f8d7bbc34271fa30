from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import pytest

from briefs.examples import NOW, axis, insight
from takefive.briefs.pool import Pool
from takefive.briefs.rank import rank
from takefive.briefs.values import Profile

SLEEP = Profile(interests=("sleep",))


def ids(ranking):
    return [ranked.candidate.id for ranked in ranking]


def test_what_is_nearer_to_an_interest_ranks_higher():
    candidates = [insight(1, axis(0, 0.2)), insight(2, axis(0, 0.5)), insight(3, axis(0, 0.35))]
    assert ids(rank(candidates, SLEEP, axis(0)[None], None, NOW)) == [2, 3, 1]


def test_the_parts_sum_to_the_score(crowd):
    profile = Profile(interests=("a", "b"), followed_podcasts=frozenset({3}), sent_vectors=crowd[7].vector[None])
    for ranked in rank(crowd[:500], profile, np.stack([crowd[1].vector, crowd[2].vector]), crowd[9].vector[None], NOW):
        assert ranked.score == pytest.approx(sum(ranked.parts.values()), abs=1e-6)


def test_each_ranked_row_names_the_nearest_interest():
    profile = Profile(interests=("bees", "sleep"))
    (ranked,) = rank([insight(1, axis(3, 0.6))], profile, np.stack([axis(0), axis(3)]), None, NOW)
    assert (ranked.interest, round(ranked.cosine, 2)) == (1, 0.6)


def test_without_interests_the_stronger_and_the_fresher_win():
    strong, weak = insight(1, strength=0.9), insight(2, strength=0.3)
    old = insight(3, strength=0.9, published=NOW - timedelta(days=60))
    ranking = rank([weak, old, strong], Profile(), None, None, NOW)
    assert ids(ranking) == [1, 3, 2]
    assert 0 <= ranking[-1].score < ranking[0].score <= 1


def test_an_impersonal_score_is_at_most_one_and_reaches_it():
    best = insight(1, strength=1.0, voices=8, published=NOW)
    (ranked,) = rank([best], Profile(), None, None, NOW)
    assert ranked.score == pytest.approx(1.0)


def test_a_followed_podcast_and_a_followed_topic_lift_alike():
    candidates = [insight(1), insight(2), insight(3, topics=("Sleep",))]
    profile = Profile(followed_podcasts=frozenset({2}), followed_topics=frozenset({"sleep"}))
    ranking = {r.candidate.id: r.parts["followed"] for r in rank(candidates, profile, None, None, NOW)}
    assert ranking[1] == 0 < ranking[2] == ranking[3]


def test_what_the_reader_does_not_want_sinks():
    near, other = insight(1, axis(0, 0.5, rest=4)), insight(2, axis(5))
    assert ids(rank([near, other], Profile(), None, axis(0)[None], NOW)) == [2, 1]


def test_a_date_in_the_future_counts_as_now():
    tomorrow, now = insight(1, published=NOW + timedelta(days=30)), insight(2, published=NOW)
    first, second = rank([tomorrow, now], Profile(), None, None, NOW)
    assert first.parts["freshness"] == second.parts["freshness"]


def test_ties_go_by_id_whatever_the_order_of_the_candidates():
    same = [insight(i, axis(1)) for i in (4, 2, 9)]
    assert ids(rank(same, Profile(), None, None, NOW)) == ids(rank(same[::-1], Profile(), None, None, NOW)) == [2, 4, 9]


def test_no_candidates_make_an_empty_ranking():
    assert rank([], SLEEP, axis(0)[None], None, NOW) == []


def test_thousands_of_candidates_take_milliseconds(crowd):
    pool = Pool.of(crowd, NOW)
    profile = Profile(interests=("a",) * 5)
    vectors = np.stack([c.vector for c in crowd[:5]])
    rank(pool, profile, vectors, None, NOW)
    started = time.process_time()
    rank(pool, profile, vectors, None, NOW)
    assert time.process_time() - started < 0.25  # some 20 ms on a machine at rest
