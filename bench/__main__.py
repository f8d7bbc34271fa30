"""All claims in one table. Each is measured in a process of its own, so that none warms up or weighs down another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.table import Row, show
from takefive.cli.output import complain, progress

CLAIMS = (
    "start_up",
    "feeds",
    "fetch",
    "bombs",
    "polling",
    "transcripts",
    "insights",
    "relations",
    "briefs",
    "topmost",
    "mails",
    "pages",
    "memory",
)


def measured(claim: str) -> Iterator[Row]:
    """The rows of one claim; one that fails costs its rows and one line."""
    command = [sys.executable, "-m", f"bench.{claim}", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it failed without a word"])[-1]
        complain(f"bench.{claim}", RuntimeError(last))
        yield Row(what=claim, figure="failed", peer="", command=f"python -m bench.{claim}")
    yield from (Row(**json.loads(line)) for line in done.stdout.splitlines())


def main() -> int:
    rows: list[Row] = []
    with progress() as bar:
        for claim in bar.track(CLAIMS, description="measuring"):
            rows += measured(claim)
    show(rows)
    return int(any(row.figure == "failed" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
