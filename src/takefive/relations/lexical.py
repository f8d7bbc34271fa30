"""How much texts share the words that tell them from their neighbours: what a vector of the whole text blurs.

TF-IDF cosines over stems (Salton & Buckley 1988), the rarity counted among the texts given. Given what lies near an insight, a word
that all of these have (the subject) says little, and one that two of them have (the thing itself) says much.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from takefive.relations.words import stem, weight, words

Floats = NDArray[np.float64]
MEANING = 0.4  # what the vectors count in how near two texts are; the words that they share count the rest


def likeness(cosines: Floats, words: Floats) -> Floats:
    """How near texts are, by the cosines of their vectors and by `Overlap.cosines`.

    People who sorted items by topic agree with this more than with either (docs/benchmarks/relations.md).
    """
    return np.asarray(MEANING * cosines + (1 - MEANING) * words, dtype=np.float64)


class Overlap:
    """Texts as an inverted index of their telling stems. `table` is the weights by text: values, columns, text starts."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [_counted(text) for text in texts]
        self._size, sizes = len(texts), [len(one) for one in counted]
        place = {root: at for at, root in enumerate(dict.fromkeys(root for one in counted for root in one))}
        rows = np.repeat(np.arange(self._size), sizes)
        columns = np.array([place[root] for one in counted for root in one], dtype=np.intp)
        held = np.bincount(columns, minlength=len(place))
        rarity = np.log((1 + self._size) / (1 + held)) + 1
        values = np.array([value for one in counted for value in one.values()]) * rarity[columns]
        values /= np.sqrt(np.bincount(rows, values**2, minlength=self._size))[rows]
        self.table = values, columns, _ends(sizes)
        order = np.argsort(columns, kind="stable")
        self._rows, self._weights, self._holders = rows[order], values[order], _ends(held)

    def cosines(self, at: int) -> Floats:
        """The text at this place against all, in [0, 1], 0 where they share nothing: shape (n,)."""
        values, columns, starts = self.table
        found = np.zeros(self._size)
        for place in range(starts[at], starts[at + 1]):
            held = slice(self._holders[columns[place]], self._holders[columns[place] + 1])
            found[self._rows[held]] += values[place] * self._weights[held]
        return np.round(found, 5)

    def within(self, places: Sequence[int] | NDArray[np.intp]) -> Floats:
        """The texts at these places against one another: shape (len(places), len(places))."""
        return np.stack([self.cosines(at)[places] for at in places]) if len(places) else np.zeros((0, 0))


def _ends(sizes: Sequence[int] | NDArray[np.intp]) -> NDArray[np.intp]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)


@lru_cache(maxsize=8192)
def _counted(text: str) -> Mapping[str, float]:
    """The stems of a text that say something, each by how often it stands there and how telling it is anywhere."""
    spoken = [word.lower() for word in words(text)]
    tells = {stem(word): weight(word) ** 2 for word in spoken}  # squared: a plain word shared by chance is no subject
    counts = Counter(stem(word) for word in spoken)
    return {root: (1 + math.log(counts[root])) * value for root, value in tells.items() if value > 0}
