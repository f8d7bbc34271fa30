"""Finding a show by its name, against a recorded answer."""

from __future__ import annotations

import hashlib
import json

import pytest

from loopback import loopback, reply
from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient
from takefive.feeds.search import ItunesDirectory, Listing, PodcastIndex, read_itunes, read_podcast_index

ANSWER = {
    "resultCount": 3,
    "results": [
        {"collectionName": "The &amp; Show", "artistName": "Ada", "feedUrl": "https://a.example/feed", "trackCount": 7},
        {"collectionName": "Without a feed", "artistName": "Bob"},
        {"trackName": "Odd", "feedUrl": "javascript:alert(1)"},
        "nonsense",
    ],
}
FOUND = Listing("https://a.example/feed", "The & Show", "Ada", 7)


INDEX = {
    "status": "true",
    "feeds": [
        {"url": "https://a.example/feed", "title": "The &amp; Show", "author": "Ada", "episodeCount": 7, "dead": 0},
        {"url": "https://b.example/feed", "title": "Gone", "dead": 1},
        {"title": "No address"},
    ],
}


async def asked(path: str, answer: object, ask):
    """What `ask(client, address)` made of a directory's recorded answer, served over HTTP, and what the directory saw."""
    said = reply(200, json.dumps(answer).encode(), content_type="application/json")
    async with loopback({path: said}) as server, GuardedClient(user_agent="t", trusted=server.trusted) as client:
        return await ask(client, server.url("")), server.asked


async def test_words_give_the_shows_that_have_a_feed() -> None:
    path = "/search?media=podcast&term=caf%C3%A9+%26+code&limit=5"
    found, _ = await asked(path, ANSWER, lambda c, at: ItunesDirectory(c, at=at).search("café & code", most=5))
    assert found == (FOUND,)


async def test_a_number_gives_its_show() -> None:
    path = "/lookup?id=341623264&entity=podcast"
    found, _ = await asked(path, ANSWER, lambda c, at: ItunesDirectory(c, at=at).look_up(341623264))
    assert found == FOUND


def index(client: GuardedClient, at: str) -> PodcastIndex:
    return PodcastIndex(
        client,
        key="UXKCGDSYGUUEVQJSYDZH",
        secret="yzJe2eE7XV-3eY576dyRZ6wXyAbndh6LUrCZ8KN|",
        at=at,
        clock=lambda: 1613713388.7,
    )


async def test_podcast_index_is_asked_with_the_key_and_a_signature_of_the_second() -> None:
    found, seen = await asked("/search/byterm?q=show&max=10", INDEX, lambda c, at: index(c, at).search("show"))
    assert found == (FOUND,)
    headers = seen[0].headers
    assert (headers["x-auth-key"], headers["x-auth-date"]) == ("UXKCGDSYGUUEVQJSYDZH", "1613713388")
    by_hand = hashlib.sha1(b"UXKCGDSYGUUEVQJSYDZHyzJe2eE7XV-3eY576dyRZ6wXyAbndh6LUrCZ8KN|1613713388").hexdigest()
    assert headers["authorization"] == by_hand
    assert "yzJe2eE7XV" not in str(headers)


@pytest.mark.parametrize(("feed", "wanted"), [(INDEX["feeds"][0], FOUND), ([], None)])
async def test_podcast_index_knows_the_numbers_of_apple(feed: object, wanted: Listing | None) -> None:
    path = "/podcasts/byitunesid?id=341623264"
    found, _ = await asked(path, {"status": "true", "feed": feed}, lambda c, at: index(c, at).look_up(341623264))
    assert found == wanted


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"results": 1}', b"<html>", b"[" * 9_999, b"\xff"])
def test_an_answer_that_is_none_is_told_in_words(data: bytes) -> None:
    with pytest.raises(FetchError, match="Apple's directory"):
        list(read_itunes(data))
    with pytest.raises(FetchError, match="Podcast Index"):
        list(read_podcast_index(data))
