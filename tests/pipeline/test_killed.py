"""kill -9 at any moment of the demo, then the same command again: the same tables, one mail."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from takefive.pipeline import samples
from takefive.store import embedded

MOMENTS = {
    "an episode is found": "SELECT count(*) FROM store_episode",
    "a transcript is there": "SELECT count(*) FROM store_transcript",
    "insights are there": "SELECT count(*) FROM store_insight",
    "a vector is there": "SELECT count(*) FROM store_insight WHERE vector IS NOT NULL",
    "a relation is there": "SELECT count(*) FROM store_relation",
    "the brief is made": "SELECT count(*) FROM store_brief",
    "the mail is being sent": "SELECT count(*) FROM store_delivery WHERE status <> 'waiting'",
}

# Everything a reader can see, by names that do not depend on the order in which rows came.
TABLES = """
    SELECT 'episode', e.guid, e.stage, e.title FROM store_episode e
    UNION ALL SELECT 'transcript', e.guid, md5(t.segments::text), t.source
      FROM store_transcript t JOIN store_episode e ON e.id = t.episode_id
    UNION ALL SELECT 'insight', i.public_id, i.headline || i.text || i.quote, coalesce(b.public_id, 'best put')
      FROM store_insight i LEFT JOIN store_insight b ON b.id = i.same_as_id
    UNION ALL SELECT 'relation', s.public_id || r.kind || t.public_id, r.rank::text, r.reason
      FROM store_relation r JOIN store_insight s ON s.id = r.source_id JOIN store_insight t ON t.id = r.target_id
    UNION ALL SELECT 'brief', i.public_id, b.rank::text, b.reason FROM store_briefitem b JOIN store_insight i ON i.id = b.insight_id
    UNION ALL SELECT 'delivery', d.channel, d.status, count(*)::text FROM store_delivery d GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3, 4
"""


@contextmanager
def fresh_home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="takefive-killed-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        embedded.start(home)  # if the last run was killed its server still runs: the last user stops it
        embedded.stop(home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for part in ("feeds", "transcripts"):
        (tmp_path / part).mkdir()
    for show in ("rfc", "spotlight"):
        for file in [samples.folder() / "feeds" / f"{show}.xml", *samples.folder().glob(f"transcripts/{show}-*")]:
            shutil.copy2(file, tmp_path / file.parent.name)
    return tmp_path


def demo(home: Path, library: Path) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "TAKEFIVE_HOME": str(home), "TAKEFIVE_LOG": "ERROR"}
    command = [sys.executable, "-m", "takefive", "demo", "--samples", str(library)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    host = str(embedded.socket_folder(home))
    with psycopg.connect(dbname="takefive", user="takefive", host=host) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


def kill_when(home: Path, running: subprocess.Popen[bytes], query: str) -> None:
    """Kill it with 9 as soon as the query counts something, or let it end if it is too quick for us."""
    while running.poll() is None:
        try:
            if rows(home, query)[0][0]:
                running.send_signal(signal.SIGKILL)
        except psycopg.Error:
            pass  # the server or the tables are not there yet
        time.sleep(0.005)
    running.wait()


def finish(home: Path, library: Path) -> list[tuple[object, ...]]:
    running = demo(home, library)
    _, complaints = running.communicate(timeout=240)
    assert running.returncode == 0, complaints.decode()
    embedded.start(home)
    try:
        return rows(home, TABLES)
    finally:
        embedded.stop(home)


@pytest.mark.timeout(600)
def test_killed_at_every_step_the_same_command_ends_with_the_same_tables_and_one_mail(library: Path) -> None:
    with fresh_home() as home:
        undisturbed = finish(home, library)
    with fresh_home() as home:
        for query in MOMENTS.values():
            kill_when(home, demo(home, library), query)
        killed = finish(home, library)
        mails = list((home / "outbox").glob("*.eml"))

    assert killed == undisturbed
    assert {row[0] for row in killed} == {"episode", "transcript", "insight", "relation", "brief", "delivery"}
    assert len(mails) == 1
