"""Search words or Apple's link to feed addresses, through a directory behind one port.

`Directory` is the door; `ItunesDirectory` asks Apple's open search, which needs no key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient
from takefive.common.text import one_line
from takefive.feeds.fields import web_address

_SEARCH, _LOOK_UP = "https://itunes.apple.com/search", "https://itunes.apple.com/lookup"
_MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Listing:
    """One show in a directory."""

    url: str
    title: str
    author: str = ""
    episodes: int | None = None


class Directory(Protocol):
    """Where shows can be found by their name."""

    async def search(self, words: str, *, most: int = 10) -> tuple[Listing, ...]:
        """Shows for these words, the most likely first."""

    async def look_up(self, number: int) -> Listing | None:
        """The show with this number at Apple; None where it has none or no feed."""


class ItunesDirectory:
    """Apple's search. About 20 questions a minute are free; the answer says which feed a show has."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client

    async def search(self, words: str, *, most: int = 10) -> tuple[Listing, ...]:
        """Shows for these words, the most likely first."""
        return await self._ask(_SEARCH, {"media": "podcast", "term": one_line(words, 200), "limit": str(most)})

    async def look_up(self, number: int) -> Listing | None:
        """The show with this number; None where Apple knows none or gives no feed."""
        return next(iter(await self._ask(_LOOK_UP, {"id": str(number), "entity": "podcast"})), None)

    async def _ask(self, address: str, query: dict[str, str]) -> tuple[Listing, ...]:
        response = await self._client.get(f"{address}?{urlencode(query)}", max_bytes=_MOST_BYTES)
        return tuple(read_itunes(response.body))


def read_itunes(data: bytes) -> Iterable[Listing]:
    """The shows in an answer of Apple's search. Raises FetchError where the answer is none."""
    try:
        results = json.loads(data)["results"]
        shows = [r for r in results if isinstance(r, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError("Apple's directory gave an answer that cannot be read") from error
    for show in shows:
        if url := web_address(_text(show, "feedUrl")):
            title = one_line(_text(show, "collectionName") or _text(show, "trackName"), 300)
            count = show.get("trackCount")
            yield Listing(
                url, title, one_line(_text(show, "artistName"), 200), count if isinstance(count, int) else None
            )


def _text(show: dict[str, object], name: str) -> str:
    value = show.get(name)
    return value if isinstance(value, str) else ""
