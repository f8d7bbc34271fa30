"""How many mails a second are composed, and sent to a server on loopback; the limit is the same server fed one finished mail."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from bench.installation import free_port
from bench.library import texts
from bench.table import Row, seconds, show
from takefive.delivery.message import compose
from takefive.delivery.smtp import Mailer
from takefive.delivery.values import MessageContent, MessageItem

COMMAND = "python -m bench.mails"
MAILS = 100
NOW = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)
SITE = "https://takefive.example"


class Taker:
    """A server that takes every message and keeps none."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        return "250 taken"


@contextmanager
def server() -> Iterator[tuple[str, int]]:
    port = free_port()
    controller = Controller(Taker(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield "127.0.0.1", port
    finally:
        controller.stop()


def content(number: int, written: list[str]) -> MessageContent:
    """A brief of five for one reader."""
    items = tuple(
        MessageItem(
            headline=text[:60],
            text=text,
            quote=text[:200],
            speaker="Mara Lindqvist",
            podcast="Out of Office",
            episode="Insurance software",
            published=NOW,
            start=61.0 * n,
            url=f"{SITE}/i/{number}-{n}/",
            play_url=None,
            reason="close to “how small teams ship”",
        )
        for n, text in enumerate(written)
    )
    return MessageContent(
        key=f"{number}:2026-01-05",
        to=f"reader{number}@example.org",
        sender="Takefive <brief@takefive.example>",
        site_url=SITE,
        day=date(2026, 1, 5),
        items=items,
        unsubscribe_url=f"{SITE}/stop/{number}/",
        settings_url=f"{SITE}/about",
    )


def measure() -> Iterator[Row]:
    written = texts(5 * MAILS)
    briefs = [content(n, written[5 * n : 5 * n + 5]) for n in range(MAILS)]
    mails: list[EmailMessage] = [compose(brief, now=NOW) for brief in briefs]
    with server() as (host, port):

        def bare() -> None:
            with smtplib.SMTP(host, port) as connection:
                for _ in range(MAILS):
                    connection.sendmail("a@takefive.example", ["b@example.org"], finished)

        def ours() -> None:
            with Mailer(f"smtp://{host}:{port}") as mailer:
                for brief in briefs:
                    mailer.send(compose(brief, now=NOW))

        finished = mails[0].as_bytes()
        composed = seconds(lambda: [compose(brief, now=NOW) for brief in briefs])
        limit, sent = seconds(bare), seconds(ours)
    size = len(finished) // 1024
    yield Row(what=f"mails composed ({size} KB)", figure=f"{MAILS / composed:.0f} mails/s", peer="", command=COMMAND)
    peer = f"smtplib, one finished mail again and again {MAILS / limit:.0f}/s"
    yield Row(
        what="mails composed and sent, one connection", figure=f"{MAILS / sent:.0f} mails/s", peer=peer, command=COMMAND
    )


if __name__ == "__main__":
    show(measure())
