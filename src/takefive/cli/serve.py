"""`takefive serve`."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from takefive.cli.boot import boot
from takefive.cli.output import say
from takefive.common.errors import UsageError


def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 1,
    only_web: Annotated[bool, typer.Option("--only-web", help="No worker and no schedule here.")] = False,
) -> None:
    """Serve the pages, with a worker and the schedule beside them: all that a laptop or a small server needs.

    Behind another address, set TAKEFIVE_URL=https://brief.example.org. Ctrl-C stops everything; all is resumable.

    \b
    Examples:
      takefive serve
      TAKEFIVE_URL=https://brief.example.org takefive serve --host 0.0.0.0 --workers 2 --only-web
    """
    _check_free(host, port)
    _take_own_address(port)
    boot()
    say.print(f"Takefive is at http://{host}:{port}, its links say {settings.SITE_URL} (Ctrl-C stops)")
    server = Granian(
        "takefive.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    )
    with _worker(wanted=not only_web):
        server.serve()


def _check_free(host: str, port: int) -> None:
    """Raise UsageError where we cannot listen. The server shares its port between its processes, and so with a stranger."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} of {host} is in use; choose another with --port") from error
        why = error.strerror or error
        raise UsageError(f"cannot listen on {host}:{port}: {why}; choose others with --host and --port") from error


def _take_own_address(port: int) -> None:
    """Without TAKEFIVE_URL the links name the port served here, in this process, its forks, and those it starts afresh."""
    if any(os.environ.get(name) for name in ("TAKEFIVE_URL", "TAKEFIVE_URL_FILE")):
        return
    settings.SITE_URL = f"http://127.0.0.1:{port}"
    settings.CSRF_TRUSTED_ORIGINS = [settings.SITE_URL]
    os.environ["TAKEFIVE_URL"] = settings.SITE_URL


@contextmanager
def _worker(*, wanted: bool) -> Iterator[None]:
    """A worker in a process of its own, so that a page never waits for an episode; it leaves with us."""
    if not wanted:
        yield
        return
    child = subprocess.Popen([sys.executable, "-m", "takefive", "work"], stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        child.wait()
