"""Where the points of a map lie close together: its regions, large ones cut into small ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from takefive.relations.layout import Plane
from takefive.relations.region_names import names

LINES = 192  # of the grid that heights are taken on
SIZES = ((20_000, (10, 60, 300)), (2_000, (9, 40, 150)), (200, (7, 30)), (60, (6,)), (24, (4,)), (8, (2,)), (0, (1,)))
"""For maps of at least so many points: at most so many regions, of each level, the coarsest first."""
SMALLEST = 4  # a region of fewer belongs to the next one
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region. `level` 0 is the coarsest, `parent` the number of the region that it is a part of; `x`, `y` its middle."""

    number: int
    level: int
    parent: int | None
    name: str
    x: float
    y: float
    count: int


def regions(at: Plane, topics: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[list[Region], Numbers]:
    """The regions of points `at` (n, 2) with their `topics` and `texts`, and the finest one of each point: shape (n,).

    Each level is the watershed of the points' density, smoothed until there are few enough summits: a point belongs to the
    summit that the steepest way leads to (mode seeking, Cheng 1995). Finer regions lie in coarser ones.
    """
    if not len(at):
        return [], np.zeros(0, dtype=np.intp)
    levels = _nested([_parted(at, most) for most in _targets(len(at))])
    found: list[Region] = []
    first = 0
    for level, part in enumerate(levels):
        above = levels[level - 1] if level else None
        before = first - (int(above.max()) + 1) if above is not None else 0
        titles = names(part, topics, texts, known=[one.name for one in found])
        for number, title in enumerate(titles):
            own = part == number
            middle = _middle(at[own])
            parent = before + int(above[own][0]) if above is not None else None
            found.append(
                Region(
                    number=first + number,
                    level=level,
                    parent=parent,
                    name=title,
                    x=middle[0],
                    y=middle[1],
                    count=int(own.sum()),
                )
            )
        first += len(titles)
    return found, levels[-1] + first - len(titles)


def _targets(count: int) -> tuple[int, ...]:
    return next(most for least, most in SIZES if count >= least)


def _middle(at: Plane) -> tuple[float, float]:
    """The member nearest to the median: in the region also where that is bent."""
    away = ((at - np.median(at, axis=0)) ** 2).sum(axis=1)
    return float(at[away.argmin(), 0]), float(at[away.argmin(), 1])


def _parted(at: Plane, most: int) -> Numbers:
    """At most `most` parts, numbered from 0 by falling size: from a coarse view of the density closer, while they are few."""
    places, image = _density(at)
    best = np.zeros(len(at), dtype=np.intp)
    for width in np.geomspace(LINES / 4, 0.5, 36).tolist():
        part = _settled(_basins(_smooth(image, width))[places], at)
        if part.max() >= most:
            break
        best = part
    return best


def _density(at: Plane) -> tuple[Numbers, NDArray[np.floating]]:
    """The crossing that each point lies on, and how many lie on each: shape (LINES * LINES,), (LINES, LINES)."""
    low, wide = at.min(axis=0), float(np.ptp(at, axis=0).max()) or 1.0
    cell = np.rint((at - low) / wide * (LINES - 1)).astype(np.intp)
    places = cell[:, 0] * LINES + cell[:, 1]
    image: NDArray[np.floating] = np.bincount(places, minlength=LINES * LINES).reshape(LINES, LINES) * 1.0
    return places, image


def _smooth(image: NDArray[np.floating], width: float) -> NDArray[np.float64]:
    """Blurred by a Gaussian of so many lines."""
    frequency = np.fft.fftfreq(2 * LINES)
    bell = np.exp(-2 * (np.pi * width * frequency) ** 2)
    spectrum = np.fft.fft2(image, (2 * LINES, 2 * LINES)) * bell[:, None] * bell
    return np.asarray(np.fft.ifft2(spectrum).real[:LINES, :LINES])


def _basins(height: NDArray[np.float64]) -> Numbers:
    """For each crossing the summit that the steepest way leads to: shape (LINES * LINES,)."""
    padded = np.pad(height, 1, constant_values=-np.inf)
    ways = [(i, j) for i in (1, 0, 2) for j in (1, 0, 2)]
    around = np.stack([padded[i : i + LINES, j : j + LINES] for i, j in ways])
    step = np.array([(i - 1) * LINES + j - 1 for i, j in ways])
    to = np.arange(LINES * LINES) + step[around.argmax(axis=0)].ravel()
    while (to[to] != to).any():
        to = to[to]
    return np.asarray(to, dtype=np.intp)


def _settled(summits: Numbers, at: Plane) -> Numbers:
    """Parts numbered by falling size; those too small to stand alone go to the part whose middle is nearest."""
    _, part = np.unique(summits, return_inverse=True)
    size = np.bincount(part)
    large = np.flatnonzero(size >= min(SMALLEST, size.max()))
    middles = np.stack([np.median(at[part == one], axis=0) for one in large])
    for one in np.flatnonzero(size < min(SMALLEST, size.max())):
        own = part == one
        part[own] = large[((middles - at[own].mean(axis=0)) ** 2).sum(axis=1).argmin()]
    size = np.bincount(part, minlength=len(size))
    rank = np.empty(len(size), dtype=np.intp)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return rank[part]


def _nested(levels: list[Numbers]) -> list[Numbers]:
    """From the finest up, each region goes whole to the coarser one that most of it lies in; coarser ones left empty vanish."""
    finest = levels[-1]
    nested = [finest]
    for coarse in reversed(levels[:-1]):
        below = nested[0]
        shared = np.zeros((below.max() + 1, coarse.max() + 1), dtype=np.intp)
        np.add.at(shared, (below, coarse), 1)
        part = shared.argmax(axis=1)[below]
        size = np.bincount(part)
        order = np.argsort(-size, kind="stable")
        rank = np.empty(len(size), dtype=np.intp)
        rank[order] = np.arange(len(size))
        nested.insert(0, rank[part])
    return nested
