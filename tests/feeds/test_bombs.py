"""No answer takes more than its share of time and memory, as the system counts them: each bomb is met in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bombs import BOMBS

MOST_SECONDS, MOST_MEGABYTES = 20, 64
pytestmark = pytest.mark.timeout(300)  # of which the machine, when others use it, may need a minute


@pytest.fixture(scope="module")
def met() -> dict[str, dict[str, float]]:
    """What each bomb cost: its "seconds", and the "megabytes" that the process grew by at its peak."""
    script = Path(__file__).parent.parent / "bombs.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=280)
    return {row["bomb"]: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_soon_and_takes_little_memory(bomb: str, met: dict[str, dict[str, float]]) -> None:
    cost = met[bomb]
    assert cost["seconds"] < MOST_SECONDS, cost
    assert cost["megabytes"] < MOST_MEGABYTES, cost
