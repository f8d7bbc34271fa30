"""Search words or Apple's link to feed addresses, through a directory behind one port.

`Directory` is the door; `ItunesDirectory` asks Apple's open search, which needs no key, `PodcastIndex` the open index.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient
from takefive.common.text import one_line
from takefive.feeds.fields import web_address

ITUNES = "https://itunes.apple.com"
PODCAST_INDEX = "https://api.podcastindex.org/api/1.0"
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

    def __init__(self, client: GuardedClient, *, at: str = ITUNES) -> None:
        self._client, self._at = client, at

    async def search(self, words: str, *, most: int = 10) -> tuple[Listing, ...]:
        """Shows for these words, the most likely first."""
        return await self._ask("search", {"media": "podcast", "term": one_line(words, 200), "limit": str(most)})

    async def look_up(self, number: int) -> Listing | None:
        """The show with this number; None where Apple knows none or gives no feed."""
        return next(iter(await self._ask("lookup", {"id": str(number), "entity": "podcast"})), None)

    async def _ask(self, what: str, query: dict[str, str]) -> tuple[Listing, ...]:
        response = await self._client.get(f"{self._at}/{what}?{urlencode(query)}", max_bytes=_MOST_BYTES)
        return tuple(read_itunes(response.body))


class PodcastIndex:
    """The open index of four million shows. Its key is free; each question is signed with the secret and the time."""

    def __init__(
        self,
        client: GuardedClient,
        *,
        key: str,
        secret: str,
        at: str = PODCAST_INDEX,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._key, self._secret, self._at, self._clock = client, key, secret, at, clock

    async def search(self, words: str, *, most: int = 10) -> tuple[Listing, ...]:
        """Shows for these words, the most likely first."""
        return await self._ask("search/byterm", {"q": one_line(words, 200), "max": str(most)})

    async def look_up(self, number: int) -> Listing | None:
        """The show with this number at Apple; None where the index knows none."""
        return next(iter(await self._ask("podcasts/byitunesid", {"id": str(number)})), None)

    async def _ask(self, what: str, query: dict[str, str]) -> tuple[Listing, ...]:
        moment = str(int(self._clock()))
        signed = hashlib.sha1(f"{self._key}{self._secret}{moment}".encode(), usedforsecurity=False).hexdigest()
        headers = {"X-Auth-Key": self._key, "X-Auth-Date": moment, "Authorization": signed}
        address = f"{self._at}/{what}?{urlencode(query)}"
        response = await self._client.get(address, headers=headers, max_bytes=_MOST_BYTES)
        return tuple(read_podcast_index(response.body))


def read_itunes(data: bytes) -> Iterable[Listing]:
    """The shows in an answer of Apple's search. Raises FetchError where the answer is none."""
    for show in _shows(data, "results", "Apple's directory"):
        if url := web_address(_text(show, "feedUrl")):
            title = _text(show, "collectionName") or _text(show, "trackName")
            yield _listing(url, title, _text(show, "artistName"), show.get("trackCount"))


def read_podcast_index(data: bytes) -> Iterable[Listing]:
    """The shows in an answer of Podcast Index, without those it calls dead. Raises FetchError where the answer is none."""
    for show in _shows(data, "feeds", "Podcast Index"):
        if (url := web_address(_text(show, "url"))) and not show.get("dead"):
            yield _listing(url, _text(show, "title"), _text(show, "author"), show.get("episodeCount"))


def _shows(data: bytes, name: str, whose: str) -> list[dict[str, object]]:
    """The list under `name`; a look-up at Podcast Index gives one show, under "feed", or an empty list there."""
    try:
        said = json.loads(data)
        found = said[name] if name in said else said["feed"]
        return [show for show in ([found] if isinstance(found, dict) else found) if isinstance(show, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(f"{whose} gave an answer that cannot be read") from error


def _listing(url: str, title: str, author: str, count: object) -> Listing:
    episodes = count if isinstance(count, int) else None
    return Listing(url, one_line(title, 300), one_line(author, 200), episodes)


def _text(show: dict[str, object], name: str) -> str:
    value = show.get(name)
    return value if isinstance(value, str) else ""
