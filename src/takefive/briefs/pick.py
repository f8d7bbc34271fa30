"""Greedy choosing: the best, but unlike one another, from many sources, on each of the reader's interests.

Maximal marginal relevance (Carbonell & Goldstein 1998), each of the reader's interests in its turn (after xQuAD: Santos,
Macdonald & Ounis 2010).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from takefive.briefs.rank import Ranked

SAME_POINT = 0.75  # two writers on one moment: 0.7 to 0.9; insights of different episodes pass 0.62 once in 10,000
FAR = 0.25  # under this an insight is on none of the reader's subjects
ALIKE = 0.35  # two insights on one subject; what is nearer than that begins to repeat
LIKENESS_COST = 0.60
INTEREST_COST = 0.04  # for each insight chosen already for the same interest: all of them should have their turn

# How many of one episode and of one podcast; the next line holds only where the one before left too few.
CAPS = ((1, 2), (1, 99), (99, 99))


def pick(ranking: Sequence[Ranked], count: int, beside: Sequence[Ranked] = ()) -> list[Ranked]:
    """Up to `count` of `ranking`, in turn the best less its likeness to those before it and to `beside`."""
    short = list(ranking)
    everyone = [*short, *beside]
    if not short:
        return []
    vectors = np.stack([r.candidate.vector for r in everyone])
    taken = list(range(len(short), len(everyone)))
    likeness = (vectors @ vectors[taken].T).max(axis=1, initial=0.0)
    goal = len(taken) + count
    for caps in CAPS:
        while len(taken) < goal:
            full = _full(everyone, taken, *caps)
            open_ = [i for i, r in enumerate(short) if i not in taken and likeness[i] < SAME_POINT and not full(r)]
            if not open_:
                break
            served = Counter(_served(everyone[i]) for i in taken)
            taken.append(max(open_, key=lambda i: _marginal(short[i], float(likeness[i]), served)))
            likeness = np.maximum(likeness, vectors @ vectors[taken[-1]])
    return [everyone[i] for i in taken[len(beside) :]]


def _marginal(ranked: Ranked, likeness: float, served: Counter[int | None]) -> float:
    """What an insight adds to those taken: its score, less likeness, less the turns its interest has had already."""
    interest = _served(ranked)
    turns = 0 if interest is None else served[interest]
    return ranked.score - LIKENESS_COST * max(0.0, likeness - ALIKE) - INTEREST_COST * turns


def _served(ranked: Ranked) -> int | None:
    """The interest an insight was near enough to serve."""
    return ranked.interest if ranked.cosine >= FAR else None


def _full(everyone: list[Ranked], taken: list[int], per_episode: int, per_podcast: int) -> Callable[[Ranked], bool]:
    """A test whether an insight's episode or podcast has given its share already."""
    episodes = Counter(everyone[i].candidate.episode for i in taken)
    podcasts = Counter(everyone[i].candidate.podcast for i in taken)
    return lambda r: episodes[r.candidate.episode] >= per_episode or podcasts[r.candidate.podcast] >= per_podcast
