"""Podpings -> podcasts that are due at once. A crash: what was not yet heard is found by the next poll."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from takefive.feeds.podping import Ping, read_pings
from takefive.store.models import Podcast

BATCH = 500
MOST = 1_000  # podcasts made due in one minute: more is a flood, and the usual polls find them too
_MINUTE = timedelta(minutes=1)


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
