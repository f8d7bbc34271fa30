"""Insights as weighted words: what two texts share by name, which vectors blur (a product, a person, a rare subject).

TF-IDF with cosine (Salton & Buckley 1988), as an index from each word to the insights that have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True)
class Words:
    """For each word of at least two insights its rarity, the rows that have it and its weight in each of them."""

    count: int
    rarity: dict[str, float]
    index: dict[str, tuple[NDArray[np.intp], Floats]]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """The index of these texts, one row each."""
        bags = [set(_WORD.findall(text.casefold())) for text in texts]
        counts = Counter(word for bag in bags for word in bag)
        rarity = {word: log(len(bags) / n) for word, n in counts.items() if 1 < n < len(bags)}
        rows: dict[str, list[tuple[int, float]]] = {}
        for row, bag in enumerate(bags):
            for word, weight in _weights(bag, rarity).items():
                rows.setdefault(word, []).append((row, weight))
        index = {
            word: (np.array([row for row, _ in at]), np.array([weight for _, weight in at], dtype=np.float32))
            for word, at in rows.items()
        }
        return cls(len(bags), rarity, index)

    def likeness(self, texts: Sequence[str]) -> Floats:
        """The mean cosine of each row with these texts, (count,), 0 to 1."""
        wanted: Counter[str] = Counter()
        for text in texts:
            wanted.update(_weights(set(_WORD.findall(text.casefold())), self.rarity))
        likeness = np.zeros(self.count, dtype=np.float32)
        for word, weight in wanted.items():
            rows, weights = self.index[word]
            likeness[rows] += weights * np.float32(weight / len(texts))
        return likeness


def _weights(bag: set[str], rarity: dict[str, float]) -> dict[str, float]:
    """The words of one text with their weights, of length 1 together. Sorted: sums must not hang on a set's order."""
    known = {word: rarity[word] for word in sorted(bag) if word in rarity}
    length = sqrt(sum(weight**2 for weight in known.values())) or 1.0
    return {word: weight / length for word, weight in known.items()}
