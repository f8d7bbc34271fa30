"""No answer takes more than its share of time and memory, as the system counts them: each bomb is met in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bombs import BOMBS

MOST_SECONDS, MOST_MEGABYTES = 20, 64
QUICK = (
    "gzip, 1000 to 1",
    "zstd with a window of 128 MB",
    "billion laughs",
    "a million tags nested",
    "a million items",
    "UTF-16",
)
"""Met in every run; the whole table takes minutes."""


def met(*bombs: str) -> dict[str, dict[str, float]]:
    """What each bomb cost: its "seconds", and the "megabytes" that the process grew by at its peak."""
    script = Path(__file__).parent.parent / "bombs.py"
    done = subprocess.run([sys.executable, script, *bombs], capture_output=True, text=True, check=True, timeout=580)
    return {row["bomb"]: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize(
    "bombs", [QUICK, pytest.param(tuple(BOMBS), marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_a_bomb_ends_soon_and_takes_little_memory(bombs: tuple[str, ...]) -> None:
    costs = met(*bombs)

    assert costs.keys() == set(bombs)
    assert not [cost for cost in costs.values() if cost["seconds"] > MOST_SECONDS or cost["megabytes"] > MOST_MEGABYTES]
