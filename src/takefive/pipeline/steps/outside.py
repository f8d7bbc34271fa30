"""The ways out, with this installation's settings: the guarded client, and the channel for mails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from django.conf import settings

from takefive.common.http import GuardedClient
from takefive.delivery.channel import Channel
from takefive.delivery.outbox import Outbox
from takefive.delivery.smtp import Mailer

Answer = TypeVar("Answer")
_ADDRESS = re.compile(r"(\w+)://(?:[^\s/@]*@)?([^\s/?#]*[^\s/?#:;,])\S*?(?=[:;,]?(?:\s|$))")


def discreet(said: object, *, private: bool) -> str:
    """What was said, on one line; of a private podcast's addresses only scheme and host, whatever they look like."""
    line = " ".join(str(said).split())
    return _ADDRESS.sub(r"\1://\2/…", line) if private else line


def client() -> GuardedClient:
    """A client that says who we are and trusts only the hosts that the operator named."""
    return GuardedClient(
        user_agent=settings.USER_AGENT, trusted=settings.TRUSTED_HOSTS, spacing=settings.HOST_SPACING
    )


def channel() -> AbstractContextManager[Channel]:
    """Where mails go: the SMTP server, or the outbox folder where there is none."""
    return Mailer(settings.SMTP_URL) if settings.SMTP_URL else nullcontext(Outbox(settings.OUTBOX))


def one_by_one(answers: AsyncIterator[Answer]) -> Iterator[Answer]:
    """Drive an asynchronous iterator from plain code; between two answers no event loop runs, so the caller may use the tables."""
    with asyncio.Runner() as runner:
        while (answer := runner.run(_next(answers))) is not None:
            yield answer


async def _next(answers: AsyncIterator[Answer]) -> Answer | None:
    return await anext(answers, None)
