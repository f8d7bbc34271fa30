from __future__ import annotations

from briefs.examples import NOW, axis, insight
from takefive.briefs.pick import pick
from takefive.briefs.rank import rank
from takefive.briefs.values import Profile


def picked(candidates, count, beside=()):
    ranking = rank(candidates, Profile(), None, None, NOW)
    among = [r for r in ranking if r.candidate.id not in beside]
    return [r.candidate.id for r in pick(among, count, [r for r in ranking if r.candidate.id in beside])]


def test_the_best_come_first_and_no_more_than_asked():
    assert picked([insight(i, strength=i / 10) for i in range(1, 8)], 3) == [7, 6, 5]
    assert picked([insight(1)], 3) == [1]
    assert picked([], 3) == picked([insight(1)], 0) == []


def test_likeness_to_those_beside_counts_too():
    twins = [insight(1, axis(0, 0.9, rest=1)), insight(2, axis(0, 0.9, rest=2)), insight(3, axis(5), strength=0.7)]
    assert picked(twins, 1, beside={1}) == [3]


def test_the_episode_and_podcast_of_those_beside_are_taken():
    crowd = [insight(1, episode=1), insight(2, episode=1), insight(3, episode=2, strength=0.2)]
    assert picked(crowd, 1, beside={1}) == [3]
