"""Podpings -> podcasts that are due at once. A crash: what was not yet heard is found by the next poll.

They come from any stream of lines (`run`), or from the nodes of Hive that the operator named (`listen`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings

from takefive.common.errors import TakefiveError
from takefive.feeds.hive import Hive
from takefive.feeds.podping import Ping, read_pings
from takefive.pipeline.steps import outside
from takefive.store.models import Podcast

log = logging.getLogger(__name__)

BATCH = 500
MOST = 1_000  # podcasts made due in one minute: more is a flood, and the usual polls find them too
_MINUTE = timedelta(minutes=1)
_SECONDS = 10  # for one answer of a node; then the next one is asked
_read = list[int]()  # the last block of Hive that this process has read


@dataclass(slots=True)
class Heard:
    """How many pings there were, how many podcasts of ours became due by them, and how many pings a flood cost."""

    pings: int = 0
    due: int = 0
    passed_over: int = 0


def run(
    lines: Iterable[str | bytes], *, now: Callable[[], datetime], then: Callable[[], None], batch: int = BATCH
) -> Heard:
    """Read pings until the lines end; `then` is called after each batch that made a podcast due.

    A podcast becomes due once in ten minutes at most, however often it is named, and about MOST of them in a minute.
    """
    heard, since, left = Heard(), now(), MOST
    for pings in _batches(read_pings(lines), batch):
        heard.pings += len(pings)
        if now() - since >= _MINUTE:
            since, left = now(), MOST
        if left <= 0:
            heard.passed_over += len(pings)
        elif due := _hurry(pings, now()):
            heard.due, left = heard.due + due, left - due
            then()
    return heard


def listen(*, now: Callable[[], datetime], then: Callable[[], None]) -> Heard:
    """Hear what publishers have written into Hive since the last time, where the operator has named nodes of it.

    What one process has read another may read again: that changes nothing, since a podcast that is due stays due.
    """
    return run(asyncio.run(_lines(settings.PODPING_NODES)), now=now, then=then) if settings.PODPING_NODES else Heard()


async def _lines(nodes: Sequence[str]) -> list[str]:
    async with outside.client(total_timeout=_SECONDS) as client:
        hive = Hive(client, nodes, after=_read[0] if _read else None)
        try:
            return await hive.read()
        except TakefiveError as error:
            log.warning("no podpings: %s (will be tried again)", error)
            return []
        finally:
            _read[:] = [] if hive.after is None else [hive.after]
            if hive.skipped:
                log.warning("%s blocks of podpings were too old to read", hive.skipped)


def _batches(pings: Iterator[Ping], size: int) -> Iterator[list[Ping]]:
    while some := list(islice(pings, size)):
        yield some


def _hurry(pings: Iterable[Ping], now: datetime) -> int:
    named = {spelling for ping in pings for spelling in _spellings(ping.url)}
    return Podcast.objects.filter(feed_url__in=named).hurry(now)


def _spellings(url: str) -> tuple[str, str]:
    """Publishers ping the address they know, which may differ from ours in its scheme."""
    rest = url.split("://", 1)[-1]
    return f"https://{rest}", f"http://{rest}"
