"""The embedded server, for real: started, shared, outliving a kill, and never at the cost of a stranger's permissions."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from takefive.common.errors import UsageError
from takefive.store import embedded

HOLD = """
import sys, time
from pathlib import Path
from takefive.store import embedded
embedded.start(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="takefive-embedded-"))
    folder.chmod(0o711)
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def answers(home: Path) -> bool:
    try:
        with psycopg.connect(dbname="takefive", user="takefive", host=str(embedded.socket_folder(home))) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def holder(home: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def test_it_answers_after_start_and_is_gone_after_the_last_stop(home: Path) -> None:
    embedded.start(home)
    assert answers(home)
    embedded.stop(home)
    assert not answers(home)


def test_it_keeps_running_while_another_process_uses_it(home: Path) -> None:
    child = holder(home)
    embedded.start(home)
    embedded.stop(home)
    assert answers(home)
    child.terminate()
    child.wait()


def test_two_processes_that_start_it_at_once_share_one_server(home: Path) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [child.stdout.readline() for child in children if child.stdout]
    assert said == ["ready\n"] * 3
    assert answers(home)
    for child in children:
        child.terminate()
        child.wait()


def test_it_says_whether_anyone_else_uses_it(home: Path) -> None:
    child = holder(home)
    assert not embedded.start(home)
    embedded.stop(home)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert embedded.start(home)


def test_what_was_committed_survives_a_user_killed_with_9(home: Path) -> None:
    child = holder(home)
    with psycopg.connect(dbname="takefive", user="takefive", host=str(embedded.socket_folder(home))) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    child.send_signal(signal.SIGKILL)
    child.wait()
    embedded.start(home)
    with psycopg.connect(dbname="takefive", user="takefive", host=str(embedded.socket_folder(home))) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_cluster_half_made_by_a_killed_process_is_made_anew(home: Path) -> None:
    (home / "postgres.new").mkdir()
    (home / "postgres.new" / "PG_VERSION").write_text("18")
    embedded.start(home)
    assert answers(home)


def test_a_path_too_long_for_a_socket_is_no_obstacle(home: Path) -> None:
    deep = home / ("deep" * 20) / ("deeper" * 10)
    deep.mkdir(parents=True, mode=0o711)
    for folder in (deep, deep.parent):
        folder.chmod(0o711)
    embedded.start(deep)
    assert answers(deep)
    embedded.stop(deep)
    shutil.rmtree(embedded.socket_folder(deep), ignore_errors=True)


@pytest.fixture
def deep(home: Path) -> Iterator[Path]:
    """A data folder whose sockets lie in /tmp."""
    folder = home / ("deep" * 20)
    folder.mkdir()
    folder.chmod(0o711)
    yield folder
    embedded.stop(folder)
    planted = embedded.socket_folder(folder)
    planted.unlink() if planted.is_symlink() else shutil.rmtree(planted, ignore_errors=True)


def test_a_link_planted_where_the_socket_goes_is_refused_and_not_followed(deep: Path, tmp_path: Path) -> None:
    embedded.socket_folder(deep).symlink_to(tmp_path)
    before = tmp_path.stat()
    with pytest.raises(UsageError, match="remove it, or set TAKEFIVE_HOME"):
        embedded.start(deep)
    assert (tmp_path.stat().st_uid, tmp_path.stat().st_mode) == (before.st_uid, before.st_mode)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_strangers_folder_where_the_socket_goes_is_refused_and_stays_theirs(deep: Path) -> None:
    theirs = embedded.socket_folder(deep)
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    with pytest.raises(UsageError, match="belongs to somebody else"):
        embedded.start(deep)
    assert theirs.stat().st_uid == 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_as_root_a_closed_folder_is_refused_and_stays_closed(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(UsageError, match="set TAKEFIVE_HOME"):
        embedded.start(closed / "data")
    assert closed.stat().st_mode & 0o777 == 0o700
