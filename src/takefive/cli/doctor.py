"""`takefive doctor`."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Annotated
from urllib.parse import urlsplit

import typer
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from takefive.cli import doctor_mail
from takefive.cli.boot import MEND_DATABASE, boot, unanswered
from takefive.cli.output import finish, print_json
from takefive.common import minilm
from takefive.common.errors import TakefiveError, UsageError
from takefive.insights import local
from takefive.pipeline.progress import complaints, standing
from takefive.pipeline.steps import collect, reembed
from takefive.pipeline.steps.language_model import language_model, of_today, wanted
from takefive.store.models import Delivery, Podcast
from takefive.web.visitor import AT_HOME


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` says what to do where it is not well; `needed` whether anything works without it."""

    what: str
    well: bool
    says: str
    mend: str = ""
    needed: bool = True


def run(
    part: Annotated[str, typer.Argument(help="mail: what the DNS says. dkim-key: make a key. All if left out.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    nameserver: Annotated[str, typer.Option(help="Whom to ask about the DNS, such as 9.9.9.9.")] = "",
) -> None:
    """Say what is missing or failing, and how to mend it. Exit code 1 where something needed is missing.

    \b
    Examples:
      takefive doctor
      takefive doctor --json
      takefive doctor mail          # will receivers believe our mails? SPF, DKIM, DMARC, PTR
      takefive doctor dkim-key      # make the key that signs them
    """
    if part == "dkim-key":
        doctor_mail.make_key()
        return
    if part not in {"", "mail"}:
        raise UsageError(f"there is no part {part!r}; there are mail and dkim-key.")
    checks = (_machine, _database, _models, _vectors, _language_model, _speech, _mail, _library)
    findings = _domain(nameserver) if part else [finding for check in checks for finding in _checked(check)]
    if json:
        print_json(findings)
    else:
        for finding in findings:
            _tell(finding)
    finish(sum(not finding.well and finding.needed for finding in findings))


def _checked(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A check that itself fails is a finding, not the end of the others."""
    try:
        yield from check()
    except (TakefiveError, OSError, DatabaseError) as error:
        what, cause = check.__name__.strip("_"), error if isinstance(error, DatabaseError) else error.__cause__
        if isinstance(cause, DatabaseError):
            silent = unanswered(cause) if what == "database" else f"the database {unanswered(cause)}"
            yield Finding(what, False, silent, MEND_DATABASE)
        else:
            yield Finding(what, False, str(error), "mend what the line says, then run this again")


def _tell(finding: Finding) -> None:
    mark = typer.style("✓", fg="green") if finding.well else typer.style("✗" if finding.needed else "–", fg="red")
    typer.echo(f"{mark} {finding.what}: {finding.says}")
    if not finding.well and finding.mend:
        typer.echo(f"    → {finding.mend}")


def _machine() -> Iterator[Finding]:
    yield Finding("python", True, platform.python_version())
    free = shutil.disk_usage(settings.HOME).free / 1e9
    yield Finding(
        "data folder", free > 1, f"{settings.HOME}, {free:.0f} GB free", "free some disk, or set TAKEFIVE_HOME"
    )
    writable = os.access(settings.HOME, os.W_OK)
    yield Finding(
        "data folder writable", writable, "yes" if writable else "no", "set TAKEFIVE_HOME to a folder of yours"
    )
    yield Finding("readers", True, _who_reads())


def _who_reads() -> str:
    if urlsplit(settings.SITE_URL).hostname not in AT_HOME:
        return f"a public service at {settings.SITE_URL}: everyone signs in"
    loopback = "everyone who reaches this machine's loopback is the reader"
    return f"single-user: {loopback}; set TAKEFIVE_URL for a public service"


def _database() -> Iterator[Finding]:
    boot()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), (SELECT extversion FROM pg_extension WHERE extname = 'vector')"
        )
        server, vector = cursor.fetchone()
    where = "embedded" if settings.EMBEDDED else "DATABASE_URL"
    yield Finding("database", True, f"PostgreSQL {server} ({where}), pgvector {vector}, tables up to date")


def _models() -> Iterator[Finding]:
    minilm.load()
    yield Finding("sentence vectors", True, f"{minilm.ENGINE}, sha256 as pinned")
    yield Finding("insight model", True, local.ENGINE)


def _vectors() -> Iterator[Finding]:
    mend = "takefive reembed makes all vectors anew, or goes on where it was; --clean gives up what is half made"
    yield Finding("vectors in use", *reembed.standing(), mend, needed=False)


def _language_model() -> Iterator[Finding]:
    if not wanted():
        yield Finding("language model", True, "none chosen: the local engine writes the insights, offline")
        return
    mend = "set TAKEFIVE_LLM and its key (docs/settings.md), or unset it; until then the local engine goes on alone"
    try:
        with language_model() as model:
            began = monotonic()
            model.greet()
    except TakefiveError as error:
        yield Finding("language model", False, str(error), mend, needed=False)
    else:
        unpriced = "" if model.priced else "; its price is not known, so only tokens are capped (TAKEFIVE_LLM_PRICE_IN)"
        says = f"{model.name} answers in {monotonic() - began:.1f} s; {of_today()}{collect.in_words()}{unpriced}"
        yield Finding("language model", True, says)


def _speech() -> Iterator[Finding]:
    installed = importlib.util.find_spec("faster_whisper") is not None
    says = "installed" if installed else "not installed: only episodes with a publisher's transcript are read"
    yield Finding("speech recognition", installed, says, "pip install 'takefive[speech]'", needed=False)


def _mail() -> Iterator[Finding]:
    if settings.MAIL_PROVIDER:
        yield Finding("mail", True, f"goes through {settings.MAIL_PROVIDER}")
        return
    if not settings.SMTP_URL:
        mend = "set TAKEFIVE_SMTP_URL=smtp://user:password@host:587 to send"
        yield Finding("mail", False, f"goes into the folder {settings.OUTBOX}", mend, needed=False)
        return
    parts = urlsplit(settings.SMTP_URL)
    place = (parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25))
    try:
        socket.create_connection(place, timeout=5).close()
    except OSError as error:
        yield Finding("mail", False, f"{place[0]}:{place[1]} does not answer: {error}", "check TAKEFIVE_SMTP_URL")
    else:
        yield Finding("mail", True, f"{place[0]}:{place[1]} answers")


def _domain(nameserver: str) -> list[Finding]:
    return [Finding(one.what, one.well, one.says, one.mend) for one in doctor_mail.checks(nameserver)]


def _library() -> Iterator[Finding]:
    now = standing(timezone.now())
    says = (
        f"{Podcast.objects.count()} podcasts, {now.picked} episodes picked, {now.related} done, {now.insights} insights"
    )
    yield Finding("library", Podcast.objects.exists(), says, "takefive add URL-or-OPML, or takefive demo", needed=False)
    given_up = Podcast.objects.exclude(retired_at=None).count()
    mend = "takefive remove forgets one, takefive add asks it again; the admin lists them under “given up”"
    yield Finding("podcasts given up", not given_up, str(given_up), mend, needed=False)
    for line in complaints():
        yield Finding("failing", False, line, "it is tried again by itself, unless it says otherwise", needed=False)
    doubtful = Delivery.objects.filter(status=Delivery.Status.DOUBTFUL).count()
    mend = "look for them in your mail server's log; they are never sent again by themselves"
    yield Finding("deliveries", not doubtful, f"{doubtful} doubtful", mend, needed=False)
