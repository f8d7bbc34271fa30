from __future__ import annotations

from briefs.examples import NOW, axis, insight
from takefive.briefs.pick import pick
from takefive.briefs.pool import Pool
from takefive.briefs.rank import Weights, best
from takefive.briefs.signals import Asking, signals
from takefive.briefs.values import Profile


def picked(candidates, count, beside=()):
    pool, weights = Pool.of(candidates, NOW), Weights().impersonal()
    told = signals(pool, Asking(Profile()))
    rows = best(pool, told, weights).tolist()
    among = [row for row in rows if pool.id[row] not in beside]
    others = [row for row in rows if pool.id[row] in beside]
    return pool.id[pick(pool, told, weights, among, count, others)].tolist()


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
