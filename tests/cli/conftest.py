"""What the tests of the commands share: the command as a shell would call it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from takefive.store import embedded

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shell() -> Run:
    """Runs `takefive ...` in a process of its own, with the data folder of this test run."""
    home = Path(os.environ["TAKEFIVE_HOME"])
    embedded.start(home)  # held here, so that not every command starts and stops it

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        whole = {"PATH": os.environ["PATH"], "TAKEFIVE_HOME": str(home), "COLUMNS": "120"} | environment
        return subprocess.run([sys.executable, "-m", "takefive", *words], env=whole, capture_output=True, text=True)

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The commands share one library, so the tests that call them take turns: one xdist worker has them all."""
    for item in items:
        if "shell" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("one library"))
