"""Vectors in clusters, as insights lie: subjects on a sphere, with those near them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from takefive.relations.values import Vectors


def islands(count: int, subjects: int = 6, *, wide: float = 0.9, seed: int = 0) -> tuple[Vectors, NDArray[np.intp]]:
    """So many vectors of length 1 and the subject of each."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(subjects, 48))
    subject = random.integers(0, subjects, count)
    vectors = middles[subject] + wide * random.normal(size=(count, 48))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), subject
