"""The exact best few of very many candidates for very many readers, at hardly more than the price of the matrix product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.pool import Floats

READERS, CANDIDATES = 512, 8_192  # one block of scores, 16 MB, stays in the caches


def topmost(readers: Floats, candidates: Floats, top: int) -> NDArray[np.intp]:
    """For each reader (r, d) the rows of the `top` candidates (n, d) with the highest product, best first: (r, min(top, n)).

    Any score that is linear in columns of the candidates is such a product: append strength, freshness and their weights.
    The product is made block by block; of each block only what beats a reader's worst so far is looked at again.
    """
    top = min(top, len(candidates))
    rows = np.empty((len(readers), top), dtype=np.intp)
    scores = np.empty((min(READERS, len(readers)), min(CANDIDATES, len(candidates))), dtype=np.float32)
    for start in range(0, len(readers) if top else 0, READERS):
        some = readers[start : start + READERS]
        best = np.full((len(some), top), -np.inf, dtype=np.float32)
        found = np.zeros((len(some), top), dtype=np.intp)
        for first in range(0, len(candidates), CANDIDATES):
            block = candidates[first : first + CANDIDATES]
            into = scores[: len(some), : len(block)] if len(block) == scores.shape[1] else None
            best, found = _merged(best, found, np.matmul(some, block.T, out=into), first)
        order = np.lexsort((found, -best), axis=1)
        rows[start : start + READERS] = np.take_along_axis(found, order, axis=1)
    return rows


def _merged(best: Floats, found: NDArray[np.intp], block: Floats, first: int) -> tuple[Floats, NDArray[np.intp]]:
    """The best so far, (r, top) scores and rows, after a block of scores (r, c) of the candidates from `first` on."""
    readers, top = best.shape
    if best[0, 0] == -np.inf and block.shape[1] > top:  # the first block: nearly all would beat the worst
        columns = np.argpartition(block, -top, axis=1)[:, -top:]
        return np.take_along_axis(block, columns, axis=1), columns + first
    flat = np.flatnonzero(block > best.min(axis=1, keepdims=True))
    owners, columns = np.divmod(flat, block.shape[1])
    counts = np.bincount(owners, minlength=readers)
    width = top + int(counts.max(initial=0))
    places = top + np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    scores = np.full((readers, width), -np.inf, dtype=np.float32)
    rows = np.zeros((readers, width), dtype=np.intp)
    scores[:, :top], rows[:, :top] = best, found
    scores[owners, places], rows[owners, places] = block.ravel()[flat], columns + first
    kept = np.argpartition(scores, -top, axis=1)[:, -top:]
    return np.take_along_axis(scores, kept, axis=1), np.take_along_axis(rows, kept, axis=1)
