"""How many personalised, signed mails a second leave for a sink: stored briefs, two senders; beside it plain Django's mail.

The wall clock counts whatever else the machine does; the CPU of the senders does not, so each row gives both. Django is given
finished text and HTML: what it does here is to make the message of them and hand it over, unsigned, without a row kept.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.installation import environment, fresh_home
from bench.table import Row, show
from takefive.delivery import dkim

COMMAND = "python -m bench.mails"
MAILS = 1_000
FIRST = 200
SENDERS = 2


@contextmanager
def sink() -> Iterator[int]:
    """The port of a server that takes everything."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.postbox", "sink", str(Path(folder) / "taken")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            yield int(process.stdout.readline())
            process.terminate()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds, and CPU seconds of this process and the children that ended."""
    began, before = time.perf_counter(), _cpu()
    work()
    return time.perf_counter() - began, _cpu() - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def postbox(variables: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.postbox", *words], env=variables)


def ours(variables: dict[str, str]) -> tuple[float, float]:
    """All that wait, by two senders, without the seconds in which a process starts and sends its first mails."""

    def send(*words: str) -> None:
        for sender in [postbox(variables, *words) for _ in range(SENDERS)]:
            assert sender.wait() == 0

    assert postbox(variables, "fill", str(FIRST)).wait() == 0
    first_wall, first_cpu = timed(lambda: send("send"))
    assert postbox(variables, "fill", str(FIRST + MAILS)).wait() == 0
    wall, cpu = timed(lambda: send("send"))
    return wall - first_wall, cpu - first_cpu


def django(port: int) -> dict[str, tuple[float, float]]:
    """The same number through Django's own classes."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives, get_connection

    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, USE_TZ=True)
    plain, rich = "A line of plain text.\n" * 150, "<p>A line of <b>HTML</b> with its markup</p>\n" * 380

    def send(backend: str) -> None:
        with get_connection(f"django.core.mail.backends.{backend}.EmailBackend") as connection:
            for number in range(MAILS):
                to = f"reader{number}@example.org"
                mail: Any = EmailMultiAlternatives(f"Mail {number}", plain, "brief@takefive.example", [to])
                mail.attach_alternative(rich, "text/html")
                mail.message()
                connection.send_messages([mail])

    return {backend: timed(lambda backend=backend: send(backend)) for backend in ("locmem", "smtp")}  # type: ignore[misc]


def told(of: tuple[float, float]) -> str:
    wall, cpu = of
    return f"{MAILS / wall:.0f} mails/s, {cpu / MAILS * 1000:.1f} ms CPU each"


def measure() -> Iterator[Row]:
    with sink() as port, fresh_home() as home:
        key = home / "dkim.pem"
        key.write_text(dkim.new_key())
        mail = {"TAKEFIVE_SMTP_URL": f"smtp://127.0.0.1:{port}", "TAKEFIVE_DKIM_KEY_FILE": str(key)}
        sent = ours(environment(home) | mail)
        peers = django(port)
    peer = ", ".join(f"Django {name} {told(figures)}" for name, figures in peers.items())
    what = f"stored briefs composed, signed and sent by {SENDERS} senders ({os.cpu_count()} cores)"
    yield Row(what=what, figure=told(sent), peer=peer, command=COMMAND)


if __name__ == "__main__":
    show(measure())
