"""An installation of its own for measuring, apart from whatever else this machine runs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def environment(home: Path) -> dict[str, str]:
    """The shell's environment without its own Takefive settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("TAKEFIVE_") and name != "DATABASE_URL"
    }
    return kept | {"TAKEFIVE_HOME": str(home)}


def takefive(home: Path, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "takefive", *words], env=environment(home), check=True, capture_output=True)


@contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="takefive-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o711)  # as root the database runs as another user, which must be able to enter
        yield home


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
