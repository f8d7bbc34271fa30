"""Rows, medians, and the table they are printed in."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One claim: what was measured, the figure with its unit, a peer or limit of the same run, and the command."""

    what: str
    figure: str
    peer: str
    command: str


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of the wall time of `work`, in seconds, after one run to warm up."""
    work()
    return statistics.median(_once(work) for _ in range(runs))


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(rows: Iterable[Row]) -> None:
    """The table on a terminal and in a file; one JSON object per row with `--json`."""
    if "--json" in sys.argv:
        for row in rows:
            print(json.dumps(asdict(row)), flush=True)
        return
    load = f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    table = Table("what", "figure", "peer or limit, same run", "command", caption=load)
    for row in rows:
        table.add_row(row.what, row.figure, row.peer, row.command)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
