from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefs.examples import NOW, axis, insight
from takefive.briefs.rank import Ranked, rank
from takefive.briefs.reasons import LIKED, reason
from takefive.briefs.signals import CLOSE
from takefive.briefs.values import Profile


def why(candidate, profile=Profile(), interests=None):
    (ranked,) = rank([candidate], profile, interests, None, NOW)
    return reason(ranked, profile)


def test_the_nearest_interest_is_quoted_in_the_readers_own_words():
    profile = Profile(interests=("bees", "how small teams ship"))
    assert why(insight(1, axis(3, 0.5)), profile, np.stack([axis(0), axis(3)])) == "close to “how small teams ship”"


def test_a_slight_likeness_is_not_called_close():
    bees = Profile(interests=("bees",))
    assert why(insight(1, axis(3, 0.33)), bees, axis(3)[None]) == "may touch on “bees”"
    assert why(insight(1, axis(3, 0.25)), bees, axis(3)[None]) == "a strong point from Show 1"


def test_a_followed_podcast_is_named():
    profile = Profile(followed_podcasts=frozenset({1}))
    assert why(insight(1, podcast_title="Founders Talk"), profile) == "you follow Founders Talk"


def test_a_followed_topic_is_named_as_the_insight_has_it():
    assert why(insight(1, topics=("Sleep",)), Profile(followed_topics=frozenset({"sleep"}))) == "you follow Sleep"


def test_the_tie_that_decided_is_told():
    profile = Profile(interests=("bees",), followed_podcasts=frozenset({1}))
    assert why(insight(1, axis(3, 0.36)), profile, axis(3)[None]) == "close to “bees”"
    assert why(insight(1, axis(3, 0.20)), profile, axis(3)[None]) == "you follow Show 1"


def test_many_voices_are_counted():
    assert why(insight(1, voices=4)) == "4 voices make this point"


def test_a_weak_but_fresh_point_is_called_new_and_not_strong():
    assert why(insight(1, strength=0.1, published=NOW)) == "new from Show 1"


def test_what_is_like_the_liked_says_so_and_a_liked_show_is_named():
    crowd = [insight(i, axis(i % 6, 0.9, rest=6 + i % 6)) for i in range(60)]
    profile = Profile(liked_vectors=axis(0, 0.9, rest=6)[None], standing={7: 0.9})
    reasons = {r.candidate.id: reason(r, profile) for r in rank(crowd, profile, None, None, NOW)}
    assert reasons[6] == "like others you wanted more of"
    assert reasons[7] == "you liked others from Show 7"
    assert reasons[8] == "a strong point from Show 8"


@given(st.lists(st.floats(0, 0.5, width=32), min_size=8, max_size=8), st.floats(0, 1, width=32))
def test_the_reason_is_the_tie_that_added_most_or_none_is_named(shares, cosine):
    names = ("relevance", "followed", "standing", "liked", "words", "strength", "freshness", "voices")
    parts = dict(zip(names, shares, strict=True))
    candidate = insight(1, podcast=7)
    ranked = Ranked(
        row=0, candidate=candidate, score=1.0, parts=parts, signals=dict.fromkeys(names, 0.3), interest=0, cosine=cosine,
        repeats=0.0,
    )  # fmt: skip
    told = reason(ranked, Profile(interests=("bees",), followed_podcasts=frozenset({7})))
    ties = {
        "bees": parts["relevance"], "you follow Show 1": parts["followed"],
        "you liked others from": parts["standing"], LIKED: parts["liked"] + parts["words"],
    }  # fmt: skip
    named = [part for words, part in ties.items() if words in told]
    assert named == [max(ties.values())] or (not named and (max(ties.values()) == 0 or cosine < CLOSE))
    if not named and "new from" in told:
        assert parts["freshness"] > parts["strength"]
