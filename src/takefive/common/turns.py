"""Crawl politeness: a host is asked by few at a time, and by each of them a moment after the one before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from weakref import WeakValueDictionary


class Turns:
    """Places and moments at every host; it lives as long as its client, for one batch of requests."""

    def __init__(self, *, at_once: int, spacing: float) -> None:
        self._at_once, self._spacing = at_once, spacing
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._free_at: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, spaced: bool = True) -> AsyncIterator[None]:
        """Wait for one of the places at `host`, then for `spacing` seconds since the last who began there."""
        async with self._places.setdefault(host, asyncio.Semaphore(self._at_once)):
            if spaced and self._spacing:
                await self._moment(host)
            yield

    async def _moment(self, host: str) -> None:
        now = monotonic()
        begin = max(now, self._free_at.get(host, now))
        self._free_at[host] = begin + self._spacing
        await asyncio.sleep(begin - now)
