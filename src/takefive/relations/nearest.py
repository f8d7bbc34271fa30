"""The nearest of some vectors by exact comparison: for files, tests, and as the measure of an index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from takefive.relations.lexical import Overlap, likeness
from takefive.relations.values import Vectors

BLOCK = 1024  # rows compared at once: 1,024 x 100,000 cosines are 400 MB


def nearest(vectors: Vectors, top: int) -> tuple[NDArray[np.intp], Vectors]:
    """For each row of `vectors` (n, d), all of length 1, the `top` other rows by cosine, best first.

    Gives rows and cosines, both of shape (n, min(top, n - 1)). Of equal cosines the earlier row comes first.
    """
    count = len(vectors)
    width = max(0, min(top, count - 1))
    rows = np.zeros((count, width), dtype=np.intp)
    cosines = np.zeros((count, width), dtype=np.float32)
    for start in range(0, count if width else 0, BLOCK):
        block = vectors[start : start + BLOCK] @ vectors.T
        own = np.arange(len(block))
        block[own, start + own] = -2.0
        picked = np.argpartition(-block, width - 1, axis=1)[:, :width]
        values = np.take_along_axis(block, picked, axis=1)
        order = np.lexsort((picked, -values), axis=1)
        rows[start : start + BLOCK] = np.take_along_axis(picked, order, axis=1)
        cosines[start : start + BLOCK] = np.take_along_axis(values, order, axis=1)
    return rows, cosines


def alike(vectors: Vectors, texts: Overlap, top: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """For each row of `vectors` (n, d) and its text the `top` others by `likeness`, best first: rows and likenesses.

    Of equal likenesses the earlier row comes first.
    """
    count = len(vectors)
    width = max(0, min(top, count - 1))
    for start in range(0, count, BLOCK):
        block = np.round(vectors[start : start + BLOCK] @ vectors.T, 5).astype(np.float64)
        for at, cosines in enumerate(block, start):
            near = likeness(cosines, texts.cosines(at))
            near[at] = -2.0
            picked = np.argpartition(-near, width - 1)[:width] if width else np.zeros(0, dtype=np.intp)
            order = np.lexsort((picked, -near[picked]))
            yield picked[order], near[picked[order]]
