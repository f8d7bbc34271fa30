"""The exact best 50 of 100,000 candidates for many readers, beside the bare matrix product of the same run.

Both are timed on the same readers in turn, some thousands at a time, so that what else the machine does weighs on both. With
--seconds it stops after that long, and says for how many readers it ran; memory does not grow with the readers.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from bench.table import Row, show
from takefive.briefs.topmost import CANDIDATES, topmost

COMMAND = "python -m bench.topmost --readers {} --insights {}"
WIDTH, TOP, AT_ONCE = 384, 50, 2_048


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
        for first in range(0, len(insights), CANDIDATES):
            block = insights[first : first + CANDIDATES]
            np.matmul(some, block.T, out=room[: len(some)] if len(block) == CANDIDATES else None)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=8_192)
    parser.add_argument("--insights", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def measure() -> Iterator[Row]:
    told = options()
    insights = unit(told.insights, 2)
    topmost(unit(512, 1), insights, TOP), product(unit(512, 1), insights)
    turns, ran, began = [], 0, time.perf_counter()
    while ran < told.readers and time.perf_counter() - began < told.seconds:
        some = unit(min(AT_ONCE, told.readers - ran), ran + 3)
        ran += len(some)
        turns.append((*timed(partial(topmost, some, insights, TOP)), *timed(partial(product, some, insights))))
    wall, cpu, bare_wall, bare_cpu = np.sum(turns, axis=0)
    flops = 2 * ran * told.insights * WIDTH
    yield Row(
        what=f"exact best {TOP} of {told.insights:,} insights for {ran:,} of {told.readers:,} readers",
        figure=f"{wall:.1f} s ({cpu:.1f} s CPU)",
        peer=f"product alone {bare_wall:.1f} s ({bare_cpu:.1f} s CPU, {flops / bare_cpu / 1e9:.0f} GFLOP a CPU second):"
        f" {wall / bare_wall:.2f} times, {cpu / bare_cpu:.2f} by CPU; bar 1.5",
        command=COMMAND.format(told.readers, told.insights),
    )


if __name__ == "__main__":
    show(measure())
