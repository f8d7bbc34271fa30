"""Insights as weighted words: what two texts share by name, which vectors blur (a product, a person, a rare subject).

TF-IDF with cosine (Salton & Buckley 1988), as an index from each word to the insights that have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True)
class Words:
    """For each word of at least two insights its rarity, and where its rows and its weights in them begin and end."""

    count: int
    rarity: dict[str, float]
    places: dict[str, tuple[int, int]]
    rows: NDArray[np.intp]
    weights: Floats
    known: dict[str, Bag]  # texts asked for: many readers liked the same

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """The index of these texts, one row each."""
        bags = [_bag(text) for text in texts]
        counts = Counter(word for bag in bags for word in bag)
        rarity = {word: log(len(bags) / n) for word, n in counts.items() if 1 < n < len(bags)}
        index: dict[str, list[tuple[int, float]]] = {}
        for row, bag in enumerate(bags):
            for word, weight in _weights(bag, rarity).items():
                index.setdefault(word, []).append((row, weight))
        ends = np.cumsum([len(at) for at in index.values()]).tolist()
        places = {word: (end - len(at), end) for (word, at), end in zip(index.items(), ends, strict=True)}
        flat = [pair for at in index.values() for pair in at]
        rows = np.array([row for row, _ in flat], dtype=np.intp)
        return cls(len(bags), rarity, places, rows, np.array([w for _, w in flat], dtype=np.float32), {})

    def likeness(self, texts: Sequence[str]) -> Floats:
        """The mean cosine of each row with these texts, (count,), 0 to 1."""
        bags = [self._bag(text) for text in texts]
        at = np.concatenate([bag.at for bag in bags]) if bags else np.empty(0, dtype=np.intp)
        shares = np.concatenate([bag.shares for bag in bags]) if bags else np.empty(0, dtype=np.float32)
        likeness = np.bincount(self.rows[at], weights=shares * self.weights[at], minlength=self.count)
        return (likeness / max(1, len(bags))).astype(np.float32)

    def _bag(self, text: str) -> Bag:
        """The places in the index that a text touches, and its own weight at each."""
        if (bag := self.known.get(text)) is None:
            weights = _weights(_bag(text), self.rarity)
            spans = [(*self.places[word], weight) for word, weight in weights.items()]
            at = np.concatenate([np.arange(start, end) for start, end, _ in spans] or [np.empty(0, dtype=np.intp)])
            shares = np.repeat([w for *_, w in spans], [end - start for start, end, _ in spans])
            bag = self.known[text] = Bag(at.astype(np.intp), shares.astype(np.float32))
        return bag


@dataclass(frozen=True, slots=True)
class Bag:
    """What a text touches of an index, (m,), with the text's weight at each, (m,)."""

    at: NDArray[np.intp]
    shares: Floats


@lru_cache(maxsize=50_000)
def _bag(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _weights(bag: frozenset[str], rarity: dict[str, float]) -> dict[str, float]:
    """The words of one text with their weights, of length 1 together. Sorted: sums must not hang on a set's order."""
    known = {word: rarity[word] for word in sorted(bag) if word in rarity}
    length = sqrt(sum(weight**2 for weight in known.values())) or 1.0
    return {word: weight / length for word, weight in known.items()}
