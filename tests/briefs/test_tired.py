from __future__ import annotations

from dataclasses import replace

import numpy as np

from briefs.examples import NOW, axis, insight
from takefive.briefs.choose import compose
from takefive.briefs.learn import Feedback, remember
from takefive.briefs.pool import Pool
from takefive.briefs.tired import press, tired_of
from takefive.briefs.values import Profile


def said(signal, vector, **fields) -> Feedback:
    return Feedback(signal=signal, vector=vector, signals={}, **{"podcast": 1} | fields)


def after(*history, candidates, profile=Profile(serendipity=0)):
    composed = compose(candidates, remember(profile, history), None, None, day=NOW.date(), now=NOW)
    return {choice.id: choice for choice in composed.choices}


CROWD = [insight(i, axis(0, 0.55, rest=i), strength=0.9) for i in range(1, 4)] + [insight(9, axis(9))]


def test_one_less_presses_its_like_down_and_two_on_one_subject_mute_it():
    first, second = axis(0, 0.75, rest=4), axis(0, 0.75, rest=5)
    assert 9 in after(candidates=CROWD)
    pressed = after(said("less", first), candidates=CROWD[:1])
    assert all(choice.signals["against"] > 0 for choice in pressed.values())
    assert set(after(said("less", first), said("less", second), candidates=CROWD)) == {9}


def test_what_is_nearer_to_the_liked_is_not_pressed():
    less = [said("less", axis(0, 0.6, rest=4)), said("less", axis(0, 0.6, rest=5))]
    liked = [said("save", axis(0, 0.7, rest=1)), said("save", axis(0, 0.5, rest=1))]
    assert set(after(*less, *liked, candidates=CROWD)) & {1}
    assert not set(after(*less, *liked, candidates=CROWD)) & {2, 3}


def test_the_third_to_fifth_less_mute_what_lies_between_a_subject_and_a_liked_one_but_not_the_liked():
    between = axis(0, 0.9, rest=1) + axis(0, 0.9, rest=2) * np.float32(0.9)
    crowd = [insight(1, between / np.linalg.norm(between)), insight(2, axis(0, 0.8, rest=1))]
    pool = Pool.of([*crowd, *(insight(n, axis(n)) for n in range(3, 11))], NOW)
    liked, muted = [said("save", axis(0, 0.8, rest=1))], []
    for times in range(1, 7):
        profile = remember(Profile(), [said("less", axis(0, 0.8, rest=2))] * times + liked)
        near, beside = (
            np.stack([s.middle for s in of]) @ pool.vectors.T for of in (profile.tired.subjects, profile.tired.liked)
        )
        muted.append(press(pool, profile, near, beside).muted[:2].tolist())
    assert muted == [[False, False]] * 2 + [[True, False]] * 3 + [[False, False]]


def test_two_on_one_topic_mute_it_and_liking_it_weighs_against_that():
    crowd = [insight(1, axis(1), topics=("Crypto",)), insight(2, axis(2), topics=("bees",))]
    less = [said("less", axis(n), topics=("crypto", f"other {n}")) for n in (5, 6)]
    assert set(after(*less, candidates=crowd)) == {2}
    assert after(less[0], candidates=crowd)[1].signals["against"] > 0
    liked = [said("more", axis(n), topics=("CRYPTO",)) for n in (7, 8)]
    assert set(after(*less, *liked, candidates=crowd)) == {1, 2}


def test_a_show_and_a_person_are_pressed_from_the_third_on():
    crowd = [insight(1, axis(1), podcast=5, speaker="Ann Lee", strength=1.0)]
    less = [said("less", axis(n), podcast=5, speaker="ann lee") for n in (6, 7, 8, 9)]
    against = [
        [c.signals["against"] for c in after(*less[:n], candidates=crowd).values()] or [1.0] for n in range(1, 5)
    ]
    assert against[:3] == [[0.0], [0.0], [0.5]]
    assert against[3] == [1.0]


def test_a_less_never_overrides_what_is_followed():
    crowd = [insight(1, axis(1, 0.5, rest=2), topics=("Crypto",), speaker="Ann Lee", podcast=5), insight(9, axis(9))]
    less = [said("less", axis(1, 0.9, rest=n), topics=("crypto",), speaker="ann lee", podcast=5) for n in range(4, 9)]
    follows = Profile(serendipity=0, followed_topics=frozenset({"crypto"}))
    assert set(after(*less, candidates=crowd)) == {9}
    assert 1 not in after(*less, candidates=crowd, profile=Profile(followed_topics=frozenset({"bees"})))
    assert 1 in after(*less[:2], candidates=crowd, profile=follows)
    everything = replace(follows, followed_people=frozenset({"Ann Lee"}), followed_podcasts=frozenset({5}))
    assert 1 in after(*less, candidates=crowd, profile=everything)
    other = insight(
        2, axis(1, 0.5, rest=3), topics=("mining",), podcast=5
    )  # of a followed show, on a subject that is not
    assert 2 not in after(*less, candidates=[*crowd, other], profile=replace(everything, followed_people=frozenset()))


def test_what_is_taken_back_was_never_said():
    assert tired_of([], [said("save", axis(0))]) == tired_of([], [])
    assert set(after(candidates=CROWD)) > {9}


def test_subjects_stay_apart_and_name_what_was_said():
    less = [said("less", axis(n // 2, 0.9, rest=6 + n), insight=n) for n in range(4)]
    subjects = tired_of(less, []).subjects
    assert [(subject.times, subject.insights) for subject in subjects] == [(2, (0, 1)), (2, (2, 3))]
    assert np.allclose([np.linalg.norm(subject.middle) for subject in subjects], 1)
