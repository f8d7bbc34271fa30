"""From scored passages to the few that stand for the episode: strong, apart from each other, spread over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from takefive.insights.values import Passage

Floats = NDArray[np.float64]


def apart(passages: Sequence[Passage], scores: Floats, count: int) -> list[int]:
    """Indices of the `count` strongest passages of which no two share a sentence, best first."""
    first = np.array([passage.first for passage in passages])
    last = np.array([passage.last for passage in passages])
    alive = np.where(np.isfinite(scores), scores, -np.inf)
    chosen: list[int] = []
    while len(chosen) < count and len(alive) and np.isfinite(alive.max()):
        best = int(alive.argmax())
        chosen.append(best)
        alive[(first <= last[best]) & (last >= first[best])] = -np.inf
    return chosen


def spread(scores: Floats, places: Floats, likeness: Floats, count: int, *, near: float, alike: float) -> list[int]:
    """Greedy choice, best first: each pick costs those near it in the episode and those that say alike.

    `places`: sentence numbers of the passages; `likeness`: cosines between them, shape (n, n). `near` is what a direct
    neighbour loses, fading within about ten sentences; `alike` what a passage loses that says the very same.
    After maximal marginal relevance (Carbonell & Goldstein 1998).
    """
    left = scores.astype(np.float64).copy()
    chosen: list[int] = []
    for _ in range(min(count, len(scores))):
        best = int(left.argmax())
        chosen.append(best)
        left -= near * np.exp(-np.abs(places - places[best]) / 10)
        left -= alike * np.maximum(likeness[best] - 0.5, 0) * 2
        left[best] = -np.inf
        left[chosen] = -np.inf
    return chosen
