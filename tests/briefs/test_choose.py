from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.examples import DIMENSIONS, NOW, axis, insight
from takefive.briefs.choose import FLOOR, compose
from takefive.briefs.learn import as_weights, believe, draw
from takefive.briefs.pick import SAME_POINT
from takefive.briefs.reasons import OUTSIDE
from takefive.briefs.values import Profile

DAY = date(2026, 11, 23)
SLEEP = Profile(interests=("sleep",), serendipity=0)


def brief(candidates, profile=SLEEP, interests=axis(0)[None], unwanted=None, **options):
    vectors = interests if profile.interests else None
    return compose(candidates, profile, vectors, unwanted, day=DAY, now=NOW, **options)


def ids(composed):
    return [choice.id for choice in composed.choices]


def near(id, share=0.5, rest=None, **fields):
    """An insight on sleep, unlike the others with another `rest`."""
    return insight(id, axis(0, share, rest=1 + id % (DIMENSIONS - 1) if rest is None else rest), **fields)


def test_five_are_chosen_best_first():
    composed = brief([near(i, 0.3 + i / 50) for i in range(1, 9)])
    assert len(composed.choices) == 5
    assert composed.choices[0].id == 8
    assert composed.day == DAY


def test_an_episode_gives_one_insight_and_a_podcast_two():
    crowd = [near(i, episode=i // 3, podcast=i // 9) for i in range(36)]
    chosen = [crowd[id] for id in ids(brief(crowd))]
    assert max(Counter(c.episode for c in chosen).values()) == 1
    assert max(Counter(c.podcast for c in chosen).values()) <= 2


def test_one_episode_never_gives_more_however_few_there_are():
    composed = brief([near(i, episode=1, podcast=1) for i in range(1, 5)] + [near(9)])
    assert len(ids(composed)) == 2


def test_a_podcast_gives_more_than_two_only_where_those_that_pass_are_of_fewer_than_three():
    two = [near(i, podcast=1, strength=0.9) for i in range(1, 6)] + [near(7, podcast=2, strength=0.95)]
    assert Counter(c.podcast for c in two if c.id in ids(brief(two))) == {1: 4, 2: 1}
    third = insight(9, axis(9), strength=0.7)
    assert Counter(c.podcast for c in [*two, third] if c.id in ids(brief([*two, third]))) == {1: 2, 2: 1, 9: 1}
    weak = insight(9, axis(9), strength=0.1)
    assert len(ids(brief([*two, weak]))) == 5


def test_a_podcast_with_hundreds_to_choose_from_hides_no_other():
    rest = [1 + i % (DIMENSIONS - 1) for i in range(200)]
    crowd = [insight(i, axis(0, 0.6, rest=rest[i]), podcast=1, strength=0.9) for i in range(150)]
    others = [insight(900 + i, axis(0, 0.3, rest=i), podcast=i, strength=0.3) for i in range(2, 8)]
    chosen = ids(brief(crowd + others))
    assert len([id for id in chosen if id < 900]) <= 2
    assert len(chosen) == 5


def test_one_slot_is_from_outside_and_says_so():
    stranger = insight(50, axis(5), strength=0.9)
    composed = brief([near(i) for i in range(1, 9)] + [stranger], Profile(interests=("sleep",)))
    assert len(composed.choices) == 5
    assert (composed.choices[-1].id, composed.choices[-1].reason) == (50, OUTSIDE)
    assert all(choice.reason == "close to “sleep”" for choice in composed.choices[:-1])


def test_no_slot_from_outside_for_who_wants_none_and_for_who_has_no_inside():
    crowd = [near(i) for i in range(1, 9)] + [insight(50, axis(5), strength=0.9)]
    assert 50 not in ids(brief(crowd, SLEEP))
    assert OUTSIDE not in [c.reason for c in brief(crowd, Profile()).choices]


def test_each_interest_has_its_turn():
    profile = Profile(interests=("sleep", "bees"), serendipity=0)
    sleep = [insight(i, axis(0, 0.50, rest=2 + i)) for i in range(1, 6)]
    bees = [insight(i, axis(1, 0.46, rest=2 + i - 10)) for i in range(16, 20)]
    chosen = ids(brief(sleep + bees, profile, np.stack([axis(0), axis(1)])))
    assert len([id for id in chosen if id > 10]) == 2


def test_interests_that_nothing_meets_are_filled_with_strong_points_that_say_so():
    crowd = [insight(i, axis(i), strength=0.9) for i in range(1, 9)]
    composed = brief(crowd, Profile(interests=("whales",)), axis(0)[None])
    assert len(composed.choices) == 5
    assert all(
        choice.reason == OUTSIDE or choice.reason.startswith("a strong point from") for choice in composed.choices
    )


def test_interests_that_nothing_meets_bring_no_weak_filling():
    crowd = [insight(i, axis(i), strength=0.0) for i in range(1, 9)]
    assert ids(brief(crowd, Profile(interests=("whales",)), axis(0)[None])) == []


def test_what_the_reader_does_not_want_never_comes_as_serendipity():
    unwanted = insight(50, axis(5), strength=0.9)
    composed = brief([near(i) for i in range(1, 9)] + [unwanted], Profile(interests=("sleep",)), unwanted=axis(5)[None])
    assert 50 not in ids(composed)


def test_a_point_already_sent_never_returns_in_other_words():
    sent = near(1)
    again, other = near(2, rest=1 + 1 % 11), near(3)
    profile = Profile(interests=("sleep",), serendipity=0, sent_insights=frozenset({1}), sent_vectors=sent.vector[None])
    assert float(sent.vector @ again.vector) > SAME_POINT > float(sent.vector @ other.vector)
    assert ids(brief([sent, again, other], profile)) == [3]


def test_a_point_already_sent_never_returns_however_unlike_its_words_are():
    best, other = near(2, 0.5), near(3)
    sent = axis(0, 0.5, rest=7)
    assert float(sent @ best.vector) < SAME_POINT
    profile = Profile(interests=("sleep",), sent_points={2: 1}, sent_vectors=sent[None])  # the first is now same as 2
    assert ids(brief([best, other], profile)) == [3]


def test_of_the_news_of_one_point_a_brief_has_one():
    voices = [near(i, 0.5, point=1, voices=6, voice=i) for i in (4, 5, 6)]
    profile = Profile(interests=("sleep",), serendipity=0, sent_points={1: 1})
    draws = draw(believe([]), (7, 1), 50)
    composed = brief([*voices, near(9)], profile, draws=draws)
    assert len(ids(composed)) == 2
    assert [c.propensity for c in composed.choices if c.id == 9] == [1.0]


def test_two_in_one_brief_never_make_the_same_point():
    assert len(brief([near(i, rest=3) for i in range(1, 9)]).choices) == 1


def test_nothing_worth_the_time_makes_an_empty_brief():
    dull = [insight(i, strength=0.05, published=NOW - timedelta(days=90)) for i in range(1, 9)]
    assert brief(dull).choices == ()
    assert brief([]).choices == ()


@pytest.mark.parametrize("profile", [SLEEP, Profile(interests=("sleep",)), Profile()])
def test_being_new_alone_is_not_worth_the_time(profile):
    assert ids(brief([insight(i, axis(i), strength=0.1) for i in range(1, 12)], profile)) == []


def test_a_guest_never_comes_alone():
    strong = [insight(i, axis(i), strength=0.8) for i in range(1, 5)]  # enough for anyone, not for who asked for sleep
    assert brief(strong, Profile(), floor=0.4).choices
    assert ids(brief(strong, Profile(interests=("sleep",)), floor=0.4)) == []


def test_the_one_insight_worth_the_time_is_no_guest():
    (choice,) = brief([insight(1, axis(5), strength=0.9)], Profile(interests=("sleep",))).choices
    assert choice.reason != OUTSIDE


def test_a_reader_without_interests_gets_what_is_strong_fresh_and_various():
    chosen = ids(brief([insight(i, strength=i / 12) for i in range(1, 12)], Profile()))
    assert chosen == [11, 10, 9, 8, 7]


@pytest.mark.parametrize(
    ("wish", "gone"),
    [
        (Profile(muted_podcasts=frozenset({1})), {1}),
        (Profile(muted_people=frozenset({"ann lee"})), {2}),
        (Profile(muted_topics=frozenset({"Crypto"})), {3, 4}),
        (Profile(languages=frozenset({"EN"})), {5}),
        (Profile(sent_insights=frozenset({6})), {6}),
    ],
)
def test_what_is_muted_stays_out(wish, gone):
    crowd = [
        insight(1), insight(2, speaker="Ann Lee"), insight(3, topics=("crypto",)), insight(4, text="On crypto, again."),
        insight(5, language="de"), insight(6), insight(7, headline="Cryptography is fine", language="en-GB"),
    ]  # fmt: skip
    assert set(ids(brief(crowd, wish, top=7))) == {1, 2, 3, 4, 5, 6, 7} - gone


def test_asking_only_the_promising_makes_the_same_brief_as_asking_all(crowd, monkeypatch):
    vectors = np.stack([crowd[1].vector, crowd[2].vector])
    sent = np.stack([c.vector for c in crowd[:60]])
    profile = Profile(interests=("a", "b"), followed_podcasts=frozenset({7}), sent_vectors=sent)
    few = compose(crowd, profile, vectors, None, day=DAY, now=NOW)
    monkeypatch.setattr("takefive.briefs.choose.PROMISING", len(crowd))
    assert few == compose(crowd, profile, vectors, None, day=DAY, now=NOW)


def test_a_brief_can_be_smaller():
    assert len(brief([near(i) for i in range(1, 9)], Profile(interests=("sleep",)), top=1).choices) == 1


def test_the_same_input_in_any_order_makes_the_same_brief(crowd):
    profile = Profile(interests=("a", "b"), followed_podcasts=frozenset({7}))
    vectors = np.stack([crowd[1].vector, crowd[2].vector])
    first = compose(crowd[:400], profile, vectors, None, day=DAY, now=NOW)
    assert first == compose(crowd[:400], profile, vectors, None, day=DAY, now=NOW)
    assert ids(first) == ids(compose(crowd[:400][::-1], profile, vectors, None, day=DAY, now=NOW))


@pytest.mark.parametrize("serendipity", [1, 2, 3, 4])
def test_guests_from_few_podcasts_lift_no_cap_where_others_have_something(serendipity):
    strangers = [insight(n, axis(n), episode=n, podcast=1, strength=0.9) for n in range(1, 7)]
    strangers.append(insight(20, axis(9), episode=20, podcast=2, strength=0.1))
    own = [insight(30 + n, axis(0, 0.7, rest=10), episode=30 + n, podcast=3 + n, strength=0.5) for n in range(4)]
    composed = brief([*strangers, *own], Profile(interests=("x",), serendipity=serendipity))
    of_the_first = [c for c in composed.choices if c.id <= 6]
    assert len(of_the_first) <= 2


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 11), st.floats(0, 1), st.integers(0, 4), st.integers(0, 2), st.floats(0, 1)),
        max_size=25,
    ),
    serendipity=st.integers(0, 3),
    top=st.integers(1, 6),
)
def test_whatever_the_candidates_a_brief_keeps_its_promises(rows, serendipity, top):
    crowd = [
        insight(i, axis(a, share, rest=(a + 1) % DIMENSIONS), episode=episode, podcast=podcast, strength=strength)
        for i, (a, share, episode, podcast, strength) in enumerate(rows)
    ]
    sent = axis(3)[None]
    composed = brief(crowd, Profile(interests=("x",), serendipity=serendipity, sent_vectors=sent), top=top)
    chosen = [crowd[id] for id in ids(composed)]
    assert len(chosen) == len(set(ids(composed))) <= top
    assert sum(choice.reason == OUTSIDE for choice in composed.choices) <= serendipity
    assert all(choice.score >= FLOOR for choice in composed.choices)
    assert max(Counter(c.episode for c in chosen).values(), default=0) <= 1
    passing = {c.podcast for c in chosen}
    assert len(passing) < 3 or max(Counter(c.podcast for c in chosen).values()) <= 2
    likeness = np.array([c.vector for c in chosen] + [sent[0]]) @ np.array([c.vector for c in chosen] + [sent[0]]).T
    assert (likeness[~np.eye(len(likeness), dtype=bool)] < SAME_POINT).all()


@pytest.mark.parametrize("shows", [1, 2, 3, 30])
def test_weights_that_are_drawn_decide_and_tell_how_probable_each_choice_was(shows):
    crowd = [near(i, 0.3 + i / 100, strength=1 - i / 40, podcast=i % shows) for i in range(1, 30)]
    draws = draw(believe([]), (7, 1), 400, boldness=1.0)
    composed = brief(crowd, draws=draws)
    assert composed == brief(crowd, draws=draws)
    assert ids(composed) == ids(brief(crowd, weights=as_weights(draws[0])))
    again = Counter(id for row in draws for id in ids(brief(crowd, draws=row[None])))
    for choice in composed.choices:
        assert choice.propensity == pytest.approx(again[choice.id] / len(draws), abs=0.01)
    assert {choice.propensity for choice in brief(crowd).choices} == {1.0}


def test_news_of_a_point_already_sent_comes_back_and_says_so():
    told = near(9, 0.6, rest=3, point=1, voices=4, voice=4, speaker="Ada Night")
    sent = Profile(interests=("sleep",), sent_vectors=told.vector[None], sent_points={1: 1}, serendipity=1)
    assert [c.reason for c in brief([told], sent).choices] == ["a fourth voice: Ada Night"]
    assert ids(brief([told], Profile(interests=("sleep",)))) == []
    assert ids(brief([near(8, 0.6, rest=3)], sent)) == []
