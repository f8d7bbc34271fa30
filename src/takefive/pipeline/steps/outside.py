"""The ways out, with this installation's settings: the guarded client, and the channel for mails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractContextManager, aclosing, nullcontext
from functools import lru_cache
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from django.conf import settings

from takefive.common.http import GuardedClient
from takefive.delivery.channel import Channel
from takefive.delivery.dkim import Signer
from takefive.delivery.outbox import Outbox
from takefive.delivery.smtp import Mailer
from takefive.feeds.search import Directory, ItunesDirectory, PodcastIndex
from takefive.pipeline.provider import Provider

Answer = TypeVar("Answer")
_AHEAD = 50
_ADDRESS = re.compile(r"(\w+)://(?:[^\s/@]*@)?([^\s/?#]*[^\s/?#:;,])\S*?(?=[:;,]?(?:\s|$))")


def discreet(said: object, *, private: bool) -> str:
    """What was said, on one line; of a private podcast's addresses only scheme and host, whatever they look like."""
    line = " ".join(str(said).split())
    return _ADDRESS.sub(r"\1://\2/…", line) if private else line


def client(total_timeout: float = 60) -> GuardedClient:
    """A client that says who we are and trusts only the hosts that the operator named; seconds for each request."""
    return GuardedClient(
        user_agent=settings.USER_AGENT,
        trusted=settings.TRUSTED_HOSTS,
        spacing=settings.HOST_SPACING,
        total_timeout=total_timeout,
    )


def readers_client() -> GuardedClient:
    """One for addresses that readers give: what the operator's own feeds may reach is none of their business."""
    return GuardedClient(user_agent=settings.USER_AGENT, trusted=settings.WEBHOOK_HOSTS)


def directory(client: GuardedClient) -> Directory:
    """Where shows are looked up by their name: Podcast Index where there is a key for it, else Apple's search."""
    if settings.PODCASTINDEX_KEY and settings.PODCASTINDEX_SECRET:
        return PodcastIndex(client, key=settings.PODCASTINDEX_KEY, secret=settings.PODCASTINDEX_SECRET)
    return ItunesDirectory(client)


def channel() -> AbstractContextManager[Channel]:
    """Where mails go: the provider, the SMTP server, or the outbox folder where there is neither."""
    if settings.MAIL_PROVIDER:
        return Provider(settings.MAIL_PROVIDER)
    if not settings.SMTP_URL:
        return nullcontext(Outbox(settings.OUTBOX))
    if not settings.DKIM_KEY:
        return Mailer(settings.SMTP_URL)
    return Mailer(settings.SMTP_URL, sign=_signer(settings.DKIM_KEY, settings.DKIM_DOMAIN, settings.DKIM_SELECTOR))


@lru_cache(maxsize=1)
def _signer(key: str, domain: str, selector: str) -> Signer:
    return Signer(key, domain=domain, selector=selector)


def as_they_come(answers: AsyncGenerator[Answer], *, most: int) -> Iterator[list[Answer]]:
    """Drive an asynchronous generator in a thread of its own, so that fetching goes on while the caller uses the tables.

    Gives what has come since the caller last asked, at least one and `most` at once. At most `_AHEAD` answers wait for
    the caller. Who stops early cancels the rest; what the generator raises is raised.
    """
    loop, room, ready = asyncio.new_event_loop(), asyncio.Semaphore(_AHEAD), SimpleQueue[Answer | None]()

    async def drive() -> None:
        try:
            async with aclosing(answers):
                async for answer in answers:
                    await room.acquire()
                    ready.put(answer)
        finally:
            ready.put(None)

    task = loop.create_task(drive())
    thread = Thread(target=_until_done, args=(loop, task), daemon=True)
    thread.start()
    try:
        for there in _waiting(ready, most):
            yield there
            for _ in there:
                loop.call_soon_threadsafe(room.release)
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()
    task.result()


def _waiting(ready: SimpleQueue[Answer | None], most: int) -> Iterator[list[Answer]]:
    """What waits in the queue, time after time, until None."""
    while (answer := ready.get()) is not None:
        there = [answer]
        while len(there) < most and not ready.empty():
            if (answer := ready.get()) is None:
                ready.put(None)  # for the next turn
                break
            there.append(answer)
        yield there


def _until_done(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    loop.run_until_complete(asyncio.wait([task]))
    loop.run_until_complete(loop.shutdown_default_executor())
