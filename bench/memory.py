"""The most memory one worker process holds while it takes the sample library from feed to mail."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.installation import environment, fresh_home
from bench.table import Row, show

COMMAND = "python -m bench.memory"
RUNS = 3  # each takes a whole demo
PEAK = "import atexit, pathlib, runpy, sys; sys.argv = ['takefive', *sys.argv[1:]]; "
TELL = "atexit.register(lambda: sys.stderr.write(pathlib.Path('/proc/self/status').read_text())); "
RUN = "runpy.run_module('takefive', run_name='__main__')"


def peak(home: Path, words: Sequence[str]) -> float:
    """The peak resident memory of one process, in MB. The database's own processes are not in it."""
    command = [sys.executable, "-c", PEAK + TELL + RUN, *words]
    done = subprocess.run(command, env=environment(home), check=True, capture_output=True, text=True)
    found = re.search(r"VmHWM:\s+(\d+) kB", done.stderr)
    assert found is not None, f"no VmHWM: this needs Linux, not {os.uname().sysname}"
    return int(found[1]) / 1024


def demo() -> float:
    with fresh_home() as home:
        return peak(home, ["demo"])


def measure() -> Iterator[Row]:
    with fresh_home() as home:
        empty = peak(home, ["--version"])
    held = statistics.median(demo() for _ in range(RUNS))
    peer = f"takefive --version {empty:.0f} MB"
    yield Row(what="memory of a worker, the whole demo", figure=f"{held:.0f} MB", peer=peer, command=COMMAND)


if __name__ == "__main__":
    show(measure())
