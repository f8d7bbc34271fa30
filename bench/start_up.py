"""How long a command takes to start: `takefive --help`, beside Python starting and doing nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from bench.table import Row, seconds, show

COMMAND = "python -m bench.start_up"
WANTED = 1.5  # seconds, the most a command over files may take to start


def started(*words: str) -> float:
    return seconds(lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True))


def measure() -> Iterator[Row]:
    empty = started("-c", "pass")
    for words in (["--help"], ["parse", "--help"], ["similar", "--help"]):
        took = started("-m", "takefive", *words)
        what = f"start-up of takefive {' '.join(words)}"
        yield Row(
            what=what, figure=f"{took:.2f} s", peer=f"bare Python {empty:.2f} s; at most {WANTED} s", command=COMMAND
        )


if __name__ == "__main__":
    show(measure())
