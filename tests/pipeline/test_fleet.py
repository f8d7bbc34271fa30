"""With DATABASE_URL: that server and no other, and workers for some queues each, as on several machines."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from takefive.pipeline import samples
from takefive.store import embedded

from .test_killed import fresh_home, library

__all__ = ["library"]

DONE = "SELECT count(*) FILTER (WHERE stage = 'related'), count(*) FROM store_episode"


def counts(url: str) -> tuple[int, int]:
    with psycopg.connect(url) as connection:
        done, found = connection.execute(DONE).fetchone() or (0, 0)
        return done, found


@pytest.mark.timeout(300)
def test_two_workers_with_different_queues_share_the_work_on_a_given_server(library: Path, tmp_path: Path) -> None:
    with fresh_home() as server, samples.served(library) as address:
        embedded.start(server)
        url = f"postgresql:///takefive?user=takefive&host={embedded.socket_folder(server)}"
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": url,
            "TAKEFIVE_HOME": str(tmp_path / "home"),
            "TAKEFIVE_TRUSTED_HOSTS": f"{samples.HOST}={address}",
        }
        takefive = [sys.executable, "-m", "takefive"]
        subprocess.run(
            [*takefive, "add", *samples.feed_urls(library)], env=environment, check=True, capture_output=True
        )
        subprocess.run([*takefive, "scan"], env=environment, check=True, capture_output=True)
        queues = ("scan,transcribe,brief", "extract,relate,deliver")
        workers = [subprocess.Popen([*takefive, "work", "--queues", some], env=environment) for some in queues]
        try:
            deadline = time.monotonic() + 200
            while counts(url) != (2, 2) and time.monotonic() < deadline:
                assert all(worker.poll() is None for worker in workers)
                time.sleep(0.2)
        finally:
            for worker in workers:
                worker.terminate()
            ended = [worker.wait() for worker in workers]

        assert counts(url) == (2, 2)
        assert ended == [0, 0]
        assert not (tmp_path / "home" / "postgres").exists()
