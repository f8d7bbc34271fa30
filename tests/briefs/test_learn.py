from __future__ import annotations

import numpy as np
import pytest

from briefs.examples import NOW, axis, insight
from takefive.briefs.choose import compose
from takefive.briefs.learn import Feedback, as_weights, believe, draw, estimate, remember
from takefive.briefs.rank import DEFAULT_WEIGHTS, rank
from takefive.briefs.signals import NAMES
from takefive.briefs.values import Profile


def said(signal, vector=None, podcast=1, **signals) -> Feedback:
    return Feedback(signal=signal, vector=axis(0) if vector is None else vector, podcast=podcast, signals=signals)


def test_what_was_saved_draws_its_like_and_what_was_unwanted_sinks_its_like():
    profile = remember(Profile(), [said("save", axis(0)), said("less", axis(1)), said("skip", axis(2))])
    near = [insight(1, axis(0, 0.6)), insight(2, axis(1, 0.6)), insight(3, axis(2, 0.6))]
    assert [r.candidate.id for r in rank(near, profile, None, None, NOW)] == [1, 3, 2]


def test_one_less_keeps_its_like_out_of_the_next_brief():
    profile = remember(Profile(), [said("less", axis(0))])
    crowd = [insight(i, axis(0, 0.6, rest=i)) for i in range(1, 6)] + [insight(9, axis(7))]
    composed = compose(crowd, profile, None, None, day=NOW.date(), now=NOW)
    assert [choice.id for choice in composed.choices] == [9]


def test_a_podcast_rises_and_falls_with_what_is_said_of_it_and_few_words_count_little():
    history = [said("save", podcast=1)] * 9 + [said("less", podcast=2)] * 9 + [said("save", podcast=3)]
    standing = remember(Profile(), history).standing
    assert standing[1] == pytest.approx(0.75)
    assert standing[2] == pytest.approx(-0.75)
    assert standing[3] == pytest.approx(0.25)


def test_without_feedback_the_belief_is_the_common_weights():
    assert believe([]).mean == pytest.approx(DEFAULT_WEIGHTS.row())


def test_who_saves_the_fresh_comes_to_have_freshness_weigh_more():
    history = [said("save", freshness=1.0, strength=0.1), said("skip", freshness=0.0, strength=0.9)] * 50
    learnt = as_weights(believe(history).mean)
    assert learnt.freshness > 2 * DEFAULT_WEIGHTS.freshness
    assert learnt.strength < DEFAULT_WEIGHTS.strength


def test_weights_known_to_a_simulated_reader_are_found_again():
    rng = np.random.default_rng(0)
    truth = dict.fromkeys(NAMES, 0.0) | {"relevance": 0.9, "strength": 0.1}
    history = []
    for _ in range(3000):
        signals = {name: float(rng.random()) for name in NAMES}
        liked = rng.random() < sum(truth[name] * signals[name] for name in NAMES)
        history.append(said("save" if liked else "skip", **signals))
    found = as_weights(believe(history).mean)
    assert found.relevance == pytest.approx(0.9, abs=0.1)
    assert found.strength == pytest.approx(0.1, abs=0.1)


def test_a_seed_always_draws_the_same_and_a_sure_belief_draws_closer():
    unsure, sure = believe([]), believe([said("skip", **{name: 1.0}) for name in NAMES] * 1000)
    assert (draw(unsure, (4, 20261123)) == draw(unsure, (4, 20261123))).all()
    assert (draw(unsure, (4, 20261123)) != draw(unsure, (4, 20261124))).any()
    assert draw(sure, (1,), 500).std(axis=0).max() < draw(unsure, (1,), 500).std(axis=0).min()


def test_draws_spread_as_the_belief_says():
    belief = believe([said("save", relevance=1.0, strength=0.5)] * 40)
    drawn = draw(belief, (7,), 20_000, boldness=1.0)
    assert np.cov(drawn.T) == pytest.approx(np.linalg.inv(belief.precision), abs=0.002)


def test_no_draw_makes_a_dislike_a_liking():
    assert as_weights(np.ones(len(NAMES))).against == 0.0


def test_another_ranker_is_judged_without_being_run():
    rng = np.random.default_rng(1)
    shown = np.where(rng.random(40_000) < 0.5, 0.8, 0.2)  # one kind was shown four times as often
    rewards = (rng.random(40_000) < np.where(shown == 0.8, 0.1, 0.6)).astype(float)
    seen = rng.random(40_000) < shown
    wanted = 1.0 - shown[seen]  # the other ranker has it the other way round
    assert estimate(rewards[seen], shown[seen], wanted) == pytest.approx(0.2 * 0.1 + 0.8 * 0.6, abs=0.02)
    assert rewards[seen].mean() == pytest.approx(0.2, abs=0.02)
    assert estimate(np.array([]), np.array([]), np.array([])) == 0.0
