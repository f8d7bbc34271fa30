"""`takefive doctor mail` and `takefive doctor dkim-key`: whether receivers will believe our mails, and the key to sign them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from django.conf import settings

from takefive.common.errors import UsageError
from takefive.delivery import dkim, domain
from takefive.delivery.domain import Check, Lookup

_SECONDS = 5.0


def checks(nameserver: str) -> Iterator[Check]:
    """What the DNS says about the sender's domain; `nameserver` such as "9.9.9.9" or "127.0.0.1:5353", empty for the system's."""
    look_up = resolver(nameserver)
    sender = parseaddr(settings.SENDER)[1].rpartition("@")[2]
    yield domain.spf(sender, look_up)
    if settings.MAIL_PROVIDER:
        yield Check(
            "DKIM", True, f"{settings.MAIL_PROVIDER} signs; its own pages say whether the DNS is as it wants it"
        )
    else:
        ours = dkim.record(settings.DKIM_KEY) if settings.DKIM_KEY else None
        yield domain.dkim(settings.DKIM_DOMAIN, settings.DKIM_SELECTOR, ours, look_up)
    yield domain.dmarc(sender, look_up)
    if settings.SMTP_URL and not settings.MAIL_PROVIDER:
        yield domain.ptr(urlsplit(settings.SMTP_URL).hostname or "", look_up)


def make_key() -> None:
    """Make a key in the data folder, unless there is one, and say what to do with it."""
    path = settings.HOME / "dkim.pem"
    if not path.exists():
        _write(path, dkim.new_key())
    typer.echo(f"The private key is in {path}. Two things are left to do:")
    typer.echo(f"1. Enter in the DNS, as TXT at {settings.DKIM_SELECTOR}._domainkey.{settings.DKIM_DOMAIN}:")
    typer.echo(f"   {dkim.record(path.read_text())}")
    typer.echo(f"2. Set TAKEFIVE_DKIM_KEY_FILE={path}, and run: takefive doctor mail")


def resolver(nameserver: str) -> Lookup:
    """Ask the DNS. Raises UsageError where no server answers at all, which says nothing about the domain."""
    try:
        from dns import exception, resolver, reversename
    except ImportError as error:
        raise UsageError("asking the DNS needs the extra “mail”: pip install 'takefive[mail]'") from error
    asked: Any = resolver.Resolver(configure=not nameserver)
    asked.lifetime = _SECONDS
    if nameserver:
        host, _, port = nameserver.partition(":")
        asked.nameservers, asked.port = [host], int(port or 53)

    def look_up(name: str, kind: str) -> Sequence[str]:
        try:
            answer = asked.resolve(reversename.from_address(name) if kind == "PTR" else name, kind, search=False)
        except (resolver.NXDOMAIN, resolver.NoAnswer, exception.SyntaxError):
            return []
        except (exception.DNSException, OSError, ValueError) as error:
            raise UsageError(f"the DNS does not answer ({type(error).__name__}); try --nameserver 9.9.9.9") from error
        return [_told(record, kind) for record in answer]

    return look_up


def _told(record: Any, kind: str) -> str:
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    return str(record).rstrip(".")


def _write(path: Path, pem: str) -> None:
    """For us alone to read, from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(pem)
