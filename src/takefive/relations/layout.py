"""Vectors on a plane, neighbours near: where each insight lies on the map.

t-SNE (van der Maaten & Hinton 2008) as it is done for many points: attraction along the edges of a nearest-neighbour graph,
repulsion of all from all by interpolation on a grid and the fast Fourier transform (FIt-SNE, Linderman et al. 2019), the
first two principal components as the start (Kobak & Berens 2019), and attraction kept stronger than it should be, which
parts the plane into islands (Böhm, Berens & Kobak 2022). No chance in it: the same vectors give the same map.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from takefive.relations.cells import near_by_cells
from takefive.relations.nearest import nearest
from takefive.relations.values import Vectors

Plane = NDArray[np.float32]
"""Positions, shape (n, 2). The unit is t-SNE's own: neighbours are about one apart, however many points there are."""
Told = Callable[[int, int], None]

NEIGHBOURS = 15  # edges of a point
EXACT = 6_000  # up to so many points, neighbours are found by comparing all with all
ALL_PAIRS = 300  # up to so many points, each pushes each; of more, by way of a grid
EARLY, EARLY_ROUNDS = 12.0, 200  # how much stronger attraction is at first, so that far friends find each other
LATE_ROUNDS = 300
AGAIN_ROUNDS = 150  # where a former map is the start
SLOWEST = 20.0  # rate of descent of small maps
FINEST, COARSEST = 0.4, 512  # the grid: how far its lines are apart at least, how many there are at most
LONGEST_STEP = 5.0
_NEAR = np.hypot(*np.mgrid[0:3, 0:3])


def lay_out(vectors: Vectors, *, start: Plane | None = None, told: Told = lambda *_: None) -> Plane:
    """A place for each of `vectors` (n, d), rows of length 1: shape (n, 2), centred, its longer way from left to right.

    With `start`, a former map (rows of NaN for what was not on it), it is drawn from there and turned to lie on it as well as
    it can, so that readers find what they knew. `told` hears how many rounds of how many are done.
    """
    count = len(vectors)
    if count < 4:
        return _in_a_row(count)
    late = min(max(float(np.log10(count)) - 2.4, 1.0), 2.0)  # the more there are, the more islands help the eye
    graph = _Graph(_neighbours(vectors, min(NEIGHBOURS, max(3, count // 8), count - 1)))
    known = np.asarray(np.isfinite(start).all(axis=1) if start is not None else np.zeros(count), dtype=np.bool_)
    if start is None or known.sum() < max(4, count // 2):
        total = EARLY_ROUNDS + LATE_ROUNDS
        at = _descend(_principal(vectors), graph, EARLY, range(EARLY_ROUNDS), lambda done: told(done, total))
        at = _descend(at, graph, late, range(EARLY_ROUNDS, total), lambda done: told(done, total))
        at = upright(at)
    else:
        at = filled(start, known, graph.rows)
        at = _descend(at, graph, late, range(AGAIN_ROUNDS), lambda done: told(done, AGAIN_ROUNDS))
    return turned_onto(at, start, known) if start is not None and known.sum() >= 3 else at


def turned_onto(at: Plane, former: Plane, known: NDArray[np.bool_]) -> Plane:
    """`at` moved, turned and if need be mirrored, so that its `known` rows lie as near to `former` as can be.

    The orthogonal Procrustes problem (Schönemann 1966), without scale.
    """
    mine, theirs = at[known].astype(np.float64), former[known].astype(np.float64)
    left, _, right = np.linalg.svd((mine - mine.mean(axis=0)).T @ (theirs - theirs.mean(axis=0)))
    return np.asarray((at - mine.mean(axis=0)) @ (left @ right) + theirs.mean(axis=0), dtype=np.float32)


def upright(at: Plane) -> Plane:
    """`at` centred and turned so that its longer way lies from left to right, as screens do."""
    centred = (at - at.mean(axis=0)).astype(np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.asarray(_signed(centred @ axes[:, ::-1]), dtype=np.float32)


def filled(former: Plane, known: NDArray[np.bool_], rows: NDArray[np.intp]) -> Plane:
    """`former` with each unknown point amid those of its neighbours (`rows`) that are known; else in the middle."""
    at = np.where(known[:, None], former, 0.0).astype(np.float64)
    for one in np.flatnonzero(~known).tolist():
        friends = rows[one][known[rows[one]]]
        at[one] = (np.median(at[friends], axis=0) if len(friends) else at[known].mean(axis=0)) + nudge(one)
    return np.asarray(at, dtype=np.float32)


def nudge(number: int) -> NDArray[np.float64]:
    """A small step of its own for each number, so that no two points lie on one another (a sunflower's angles)."""
    angle = number * 2.399963
    return np.array([np.cos(angle), np.sin(angle)]) * 0.3 * ((number * 0.618034) % 1 + 0.2)


def _in_a_row(count: int) -> Plane:
    return np.asarray([(2.0 * i - (count - 1), 0.0) for i in range(count)], dtype=np.float32).reshape(count, 2)


def _neighbours(vectors: Vectors, count: int) -> NDArray[np.intp]:
    return nearest(vectors, count)[0] if len(vectors) <= EXACT else near_by_cells(vectors, count)


def _principal(vectors: Vectors) -> Plane:
    """The first two principal components, made small: the plane unfolds from a point."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    at = _signed((centred @ axes[:, :-3:-1]).astype(np.float64))
    return np.asarray(at / (at[:, 0].std() or 1.0) * 1e-2, dtype=np.float32)


def _signed(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each axis so that its farthest point lies on the positive side: eigenvectors have no sign of their own."""
    far = np.abs(at).argmax(axis=0)
    return at * np.where(at[far, [0, 1]] < 0, -1.0, 1.0)


class _Graph:
    """The neighbour graph, each edge seen from both its ends, weights summing to 1."""

    def __init__(self, rows: NDArray[np.intp]) -> None:
        self.rows = rows
        count, width = rows.shape
        one = np.repeat(np.arange(count), width)
        both = np.concatenate([one * count + rows.ravel(), rows.ravel() * count + one])
        edges, often = np.unique(both, return_counts=True)
        self.source, self.target = (edges // count).astype(np.int32), (edges % count).astype(np.int32)
        self.weight = (often / often.sum()).astype(np.float32)

    def pull(self, at: Plane) -> NDArray[np.float64]:
        """Where each point's neighbours draw it."""
        apart = at[self.target] - at[self.source]
        strength = self.weight / (1 + (apart * apart).sum(axis=1))
        drawn = (np.bincount(self.source, strength * apart[:, axis], len(at)) for axis in (0, 1))
        return np.stack(list(drawn), axis=1)


def _descend(at: Plane, graph: _Graph, attraction: float, rounds: range, told: Callable[[int], None]) -> Plane:
    """Gradient descent with momentum and a gain for each coordinate, as van der Maaten has it."""
    speed, gains = np.zeros(at.shape), np.ones(at.shape)
    rate = max(len(at) / EARLY, min(len(at) / 4, SLOWEST))
    for turn in rounds:
        force = attraction * graph.pull(at) + _push(at)
        faster = np.sign(force) == np.sign(speed)
        gains = np.maximum(np.where(faster, gains + 0.2, gains * 0.8), 0.01)
        speed = np.clip(
            (0.5 if attraction == EARLY else 0.8) * speed + 4 * rate * gains * force, -LONGEST_STEP, LONGEST_STEP
        )
        at = np.asarray(at + speed, dtype=np.float32)
        at -= at.mean(axis=0)
        told(turn + 1)
    return at


def _push(at: Plane) -> NDArray[np.float64]:
    """How all others drive each point away: sums over all pairs of Student's kernel, of many points by way of a grid."""
    if len(at) <= ALL_PAIRS:
        apart = at[:, None] - at[None]
        kernel = 1 / (1 + (apart * apart).sum(axis=2))
        return np.asarray(
            np.einsum("ij,ijk->ik", kernel**2, apart) / max(kernel.sum() - len(at), 1e-9), dtype=np.float64
        )
    return _push_by_grid(at)


def _push_by_grid(at: Plane) -> NDArray[np.float64]:
    low, wide = at.min(axis=0), float(np.ptp(at, axis=0).max()) + 1e-6
    lines = int(min(max(wide / FINEST, 30), COARSEST - 3)) + 3
    step = wide / (lines - 3)
    cells = _Cells((at - low) / step + 1, lines)
    charges = [np.ones(len(at)), at[:, 0] - low[0], at[:, 1] - low[1]]
    grids = [np.fft.rfft2(cells.spread(charge), (2 * lines, 2 * lines)) for charge in charges]
    once, twice = _kernels(lines, step)
    mass = cells.read(_back(grids[0] * once, lines)).sum() - cells.alone(1 / (1 + (step * _NEAR) ** 2))
    crowd, x, y = (cells.read(_back(grid * twice, lines)) for grid in grids)
    apart = np.stack([charges[1] * crowd - x, charges[2] * crowd - y], axis=1)
    return np.asarray(apart / max(mass, 1e-9))


def _back(grid: NDArray[np.complexfloating], lines: int) -> NDArray[np.float32]:
    return np.asarray(np.fft.irfft2(grid, (2 * lines, 2 * lines))[:lines, :lines])


@lru_cache(maxsize=2)
def _kernels(lines: int, step: float) -> tuple[NDArray[np.complexfloating], NDArray[np.complexfloating]]:
    """1 / (1 + d²) and its square between any two crossings of the grid, transformed."""
    away = np.minimum(np.arange(2 * lines), 2 * lines - np.arange(2 * lines)) * step
    kernel = (1 / (1 + away[:, None] ** 2 + away**2)).astype(np.float32)
    return np.fft.rfft2(kernel), np.fft.rfft2(kernel**2)


class _Cells:
    """Points between the lines of a grid: each shares itself out among the nine crossings around it (quadratic splines)."""

    def __init__(self, at: NDArray[np.float32], lines: int) -> None:
        self.lines = lines
        middle = np.rint(at).astype(np.int32)
        off = (at - middle).astype(np.float32)
        shares = ((0.5 - off) ** 2 / 2, 0.75 - off**2, (0.5 + off) ** 2 / 2)
        low, mid, high = shares
        # How much of a point meets itself on crossings that are 0, 1 and 2 apart, along x and along y.
        meets = np.stack([low**2 + mid**2 + high**2, 2 * mid * (low + high), 2 * low * high], axis=1)
        self.meets = (meets[:, :, 0], meets[:, :, 1])
        ways = [(i, j) for i in (0, 1, 2) for j in (0, 1, 2)]
        self.places = [(middle[:, 0] + i - 1) * lines + middle[:, 1] + j - 1 for i, j in ways]
        self.shares = [shares[i][:, 0] * shares[j][:, 1] for i, j in ways]

    def alone(self, kernel: NDArray[np.float64]) -> float:
        """What all points would read of themselves, by the kernel between crossings 0 to 2 apart each way: shape (3, 3)."""
        return float(np.einsum("na,nb,ab->", self.meets[0], self.meets[1], kernel))

    def spread(self, charge: NDArray[np.floating]) -> NDArray[np.float32]:
        """What lies on each crossing: shape (lines, lines)."""
        grid = np.zeros(self.lines * self.lines)
        for place, share in zip(self.places, self.shares, strict=True):
            grid += np.bincount(place, share * charge, len(grid))
        return grid.reshape(self.lines, self.lines).astype(np.float32)

    def read(self, grid: NDArray[np.float32]) -> NDArray[np.float64]:
        """What the grid says at each point: shape (n,)."""
        flat, found = grid.ravel(), np.zeros(len(self.places[0]))
        for place, share in zip(self.places, self.shares, strict=True):
            found += share * flat[place]
        return found
