"""A passage as a whole: what its sentences are on average, how it opens and ends, and what stands before it.

The sum of sentence scores knows neither. A linear model over these signs is what `takefive train` learns last; a forest of
gradient-boosted trees over the same signs was no better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from takefive.insights.values import Passage

AROUND = 15
"""Sentences over which the neighbourhood is averaged."""
LIMIT = 4.0
"""Spreads at which a sign is clipped."""
COUNTED = 20
"""Signs of the first kind in `signs.NAMES`: words that are counted, known of the last sentence and of the one before too."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """An episode's sentences in numbers, one row each: score and its part of words (mean 0, spread 1), signs, words, turn."""

    scores: Floats
    grams: Floats
    signs: NDArray[np.float32]
    sizes: Floats
    turns: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Whole:
    """Trained weights, the last one an offset, and how the signs were standardised."""

    weights: NDArray[np.float32]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    def log_odds(self, rows: NDArray[np.float32]) -> Floats:
        """How likely each passage meets an insight, by its `passage_signs`."""
        return np.asarray(scaled(rows, self.mean, self.spread) @ self.weights[:-1] + self.weights[-1], dtype=np.float64)


def scaled(rows: NDArray[np.float32], mean: NDArray[np.float32], spread: NDArray[np.float32]) -> NDArray[np.float32]:
    """Signs as the linear model takes them: centred and clipped."""
    return np.asarray(np.clip((rows - mean) / spread, -LIMIT, LIMIT), dtype=np.float32)


def passage_signs(passages: Sequence[Passage], sums: Floats, leaning: Floats, heard: Heard) -> NDArray[np.float32]:
    """One row per passage. `sums`: its sentences' scores added up; `leaning`: 1 where it leans on what came before."""
    count = len(heard.sizes)
    if not passages:
        return np.zeros((0, 18 + 2 * heard.signs.shape[1] + 2 * COUNTED), dtype=np.float32)
    first = np.array([passage.first for passage in passages])
    last = np.array([passage.last for passage in passages])
    before, after = np.maximum(first - 1, 0), np.minimum(last + 1, count - 1)
    goes_on, went_on = heard.turns[before] == heard.turns[first], heard.turns[after] == heard.turns[last]
    around = np.convolve(heard.scores, np.ones(AROUND) / AROUND, "same")[:count]
    spans = [heard.scores[a : b + 1] for a, b in zip(first, last, strict=True)]
    size = _summed(heard.sizes, first, last)
    columns = [
        *(sums, _mean(heard.scores, heard.sizes, first, last), [s.max() for s in spans], [s.min() for s in spans]),
        *(heard.scores[first], heard.scores[last], heard.scores[before] * goes_on, heard.scores[after] * went_on),
        *(_mean(heard.grams, heard.sizes, first, last), heard.grams[first], heard.grams[last], around[first]),
        *(size, last - first + 1, leaning, goes_on, went_on, first / count),
    ]
    signs = heard.signs
    parts = (_mean(signs, heard.sizes, first, last), signs[first], signs[last][:, :COUNTED], signs[before][:, :COUNTED])
    return np.hstack([np.column_stack(columns), *parts]).astype(np.float32)


def _summed(values: Floats, first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
    running = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=np.float64)])
    return np.asarray(running[last + 1] - running[first], dtype=np.float64)


def _mean(
    values: Floats | NDArray[np.float32], sizes: Floats, first: NDArray[np.int64], last: NDArray[np.int64]
) -> Floats:
    """Means over the sentences of each passage, weighed with their words."""
    weights = sizes.reshape(-1, *[1] * (values.ndim - 1))
    return _summed(values * weights, first, last) / np.maximum(_summed(weights, first, last), 1.0)
