"""The exact best 50 of 100,000 candidates for many readers, beside the bare matrix product of the same run.

Both are timed on the same readers in turn, and the median taken; the time for 100,000 readers is reckoned from it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from bench.table import Row, show
from takefive.briefs.topmost import CANDIDATES, topmost

COMMAND = "python -m bench.topmost [READERS]"
INSIGHTS, WIDTH, TOP, AT_ONCE, TURNS = 100_000, 384, 50, 2_048, 3


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, WIDTH), dtype=np.float32)
    made: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made


def timed(work: Callable[[], object]) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def product(readers: np.ndarray, insights: np.ndarray) -> None:
    """The product alone, as fast as this machine's library makes it: in large blocks, into memory that is there."""
    room = np.empty((AT_ONCE, CANDIDATES), dtype=np.float32)
    for start in range(0, len(readers), AT_ONCE):
        some = readers[start : start + AT_ONCE]
        for first in range(0, len(insights) - CANDIDATES + 1, CANDIDATES):
            np.matmul(some, insights[first : first + CANDIDATES].T, out=room[: len(some)])
        np.matmul(some, insights[first + CANDIDATES :].T)


def measure() -> Iterator[Row]:
    count = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 1_024
    readers, insights = unit(count, 1), unit(INSIGHTS, 2)
    topmost(readers[:512], insights, TOP)
    product(readers[:512], insights)
    turns = [
        (*timed(lambda: topmost(readers, insights, TOP)), *timed(lambda: product(readers, insights)))
        for _ in range(TURNS)
    ]
    wall, cpu, bare_wall, bare_cpu = (statistics.median(column) for column in zip(*turns, strict=True))
    flops = 2 * count * INSIGHTS * WIDTH
    yield Row(
        what=f"exact best {TOP} of {INSIGHTS:,} insights for {count:,} readers",
        figure=f"{wall:.1f} s ({cpu:.1f} s CPU); 100,000 readers would take {wall * 100_000 / count:.0f} s",
        peer=f"product alone {bare_wall:.1f} s ({bare_cpu:.1f} s CPU, {flops / bare_cpu / 1e9:.0f} GFLOP a CPU second):"
        f" {wall / bare_wall:.2f} times, {cpu / bare_cpu:.2f} by CPU; bar 1.5",
        command=COMMAND,
    )


if __name__ == "__main__":
    show(measure())
