"""The server to which a mail server hands what comes back of our mails (LMTP, RFC 2033; or SMTP).

It takes answers to briefs of ours, and bounces and complaints: any other address is refused before a word of the mail is read.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections
from django.utils import timezone

from takefive.pipeline.flow import answer
from takefive.pipeline.steps import reply, report

log = logging.getLogger(__name__)
LARGEST = 1_000_000  # octets of one mail
_SECONDS = 60.0


class Handler:
    """One mail at a time for each connection; the tables are asked in a thread."""

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Only an address that we made or send from; one for each mail, since LMTP wants an answer for each."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        if not (reply.is_ours(address) or report.is_for(address)):
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Done and committed before the 250; with anything else the mail server keeps it and comes again."""
        try:
            await asyncio.to_thread(_taken, envelope)
        except Exception:
            log.exception("an answer of a reader was not taken: a fault of ours")
            return "451 4.3.0 Try again later"
        return "250 2.0.0 OK"


async def listen(host: str, port: int, *, smtp: bool = False) -> asyncio.Server:
    """A server that listens; OSError where it cannot."""
    kind = SMTP if smtp else LMTP

    def one() -> SMTP:
        return kind(
            Handler(),
            data_size_limit=LARGEST,
            timeout=_SECONDS,
            hostname="takefive",
            ident="Takefive",
            enable_SMTPUTF8=True,
        )

    return await asyncio.get_running_loop().create_server(one, host, port)


def _taken(envelope: Envelope) -> None:
    close_old_connections()
    try:
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        sender, recipient, now = envelope.mail_from or "", envelope.rcpt_tos[0], timezone.now()
        if not report.receive(raw, now=now):
            reply.receive(raw, sender=sender, recipient=recipient, now=now, then=lambda row: answer.defer(reply=row))
    finally:
        close_old_connections()
