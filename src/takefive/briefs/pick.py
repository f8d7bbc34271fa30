"""Greedy choosing: the best, but unlike one another, from many sources, on each of the reader's interests.

Maximal marginal relevance (Carbonell & Goldstein 1998), each of the reader's interests in its turn (after xQuAD: Santos,
Macdonald & Ounis 2010).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.pool import Pool
from takefive.briefs.rank import ONLY_NEW, Rows, Weights
from takefive.briefs.signals import Signals

SAME_POINT = 0.75  # two writers on one moment: 0.7 to 0.9; insights of different episodes pass 0.62 once in 10,000
FAR = 0.25  # under this an insight is on none of the reader's subjects
ALIKE = 0.35  # two insights on one subject; what is nearer than that begins to repeat
LIKENESS_COST = 0.60
INTEREST_COST = 0.04  # for each insight chosen already for the same interest: all of them should have their turn

PER_PODCAST = 2  # of an episode one
SHOWS = 3  # of fewer podcasts, those who follow one or two, a podcast may give all

Reals = NDArray[np.float64]


def pick(
    pool: Pool,
    told: Signals,
    weights: Weights,
    rows: Rows,
    count: int,
    beside: Sequence[int] = (),
    *,
    cap: int = PER_PODCAST,
) -> list[int]:
    """Up to `count` of `rows`, in turn the best less its likeness to those before it and to those `beside`; `cap` of a podcast."""
    if not len(rows):
        return []
    everyone = np.array([*rows, *beside], dtype=np.intp)
    table = _Table(pool, told, weights, everyone)
    open_ = np.arange(len(everyone)) < len(rows)
    shows, turns = np.zeros(len(everyone), dtype=np.int32), np.zeros(table.many + 1)
    likeness = np.zeros(len(everyone), dtype=np.float32)
    taken: list[int] = []
    for at in range(len(beside) + count):
        if at < len(beside):
            one = len(rows) + at
        else:
            gains = table.scores - LIKENESS_COST * np.maximum(0, likeness - ALIKE) - INTEREST_COST * turns[table.served]
            gains[~open_ | (likeness >= SAME_POINT) | (shows >= cap)] = -np.inf
            one = int(gains.argmax())
            if gains[one] == -np.inf:
                break
            taken.append(one)
        likeness = np.maximum(likeness, table.vectors @ table.vectors[one])
        shows += table.podcasts == table.podcasts[one]
        open_ &= (table.episodes != table.episodes[one]) & (table.points != table.points[one])
        turns[table.served[one]] += 1
        turns[table.many] = 0
    return [int(everyone[at]) for at in taken]


def cap_of(pool: Pool, rows: Rows) -> int:
    """How many of one podcast a brief made of these rows may hold."""
    return PER_PODCAST if len(np.unique(pool.podcast[rows])) >= SHOWS else len(rows)


def odds(
    pool: Pool,
    told: Signals,
    draws: Reals,
    rows: Rows,
    count: int,
    beside: Sequence[int] = (),
    floor: float = -np.inf,
    *,
    cap: int = PER_PODCAST,
) -> dict[int, float]:
    """How probably each of `rows` is picked by weights drawn (m, p): the share of the draws that pick it, all at once.

    Never under half a draw, so that one can divide by it.
    """
    if not len(rows):
        return {}
    everyone = np.array([*rows, *beside], dtype=np.intp)
    table = _Table(pool, told, Weights(), everyone)
    likeness_of = table.vectors @ table.vectors.T
    scores = draws @ told.values[everyone].T.astype(float)
    worth = draws[:, ~ONLY_NEW] @ told.values[everyone][:, ~ONLY_NEW].T.astype(float)
    open_ = (worth >= floor) & (np.arange(len(everyone)) < len(rows))
    shows = np.zeros(scores.shape, dtype=np.int32)
    turns = np.zeros((len(draws), table.many + 1))
    likeness = np.zeros(scores.shape, dtype=np.float32)
    picked = np.zeros(len(everyone))
    everywhere = np.arange(len(draws))
    for at in range(len(beside) + count):
        if at < len(beside):
            taken = np.full(len(draws), len(rows) + at)
        else:
            gains = scores - LIKENESS_COST * np.maximum(0, likeness - ALIKE) - INTEREST_COST * turns[:, table.served]
            gains = np.where(open_ & (likeness < SAME_POINT) & (shows < cap), gains, -np.inf)
            taken = gains.argmax(axis=1)
            np.add.at(picked, taken[gains[everywhere, taken] > -np.inf], 1)
        likeness = np.maximum(likeness, likeness_of[taken])
        shows += table.podcasts == table.podcasts[taken][:, None]
        open_ &= table.episodes != table.episodes[taken][:, None]
        open_ &= table.points != table.points[taken][:, None]
        turns[everywhere, table.served[taken]] += 1
        turns[:, table.many] = 0
    return {int(row): max(times, 0.5) / len(draws) for row, times in zip(rows, picked.tolist(), strict=False)}


class _Table:
    """The columns of the rows to pick from, and of those beside: (n,), vectors (n, d)."""

    def __init__(self, pool: Pool, told: Signals, weights: Weights, rows: NDArray[np.intp]) -> None:
        self.vectors = pool.vectors[rows]
        self.scores = told.values[rows] @ weights.row()
        self.episodes, self.podcasts, self.points = pool.episode[rows], pool.podcast[rows], pool.point[rows]
        # the interest that a row is near enough to serve, the last for none
        self.many = 0 if told.interest is None else int(told.interest.max(initial=0)) + 1
        near = np.zeros_like(rows) if told.interest is None else told.interest[rows]
        self.served = np.where(told.cosine[rows] >= FAR, near, self.many)
