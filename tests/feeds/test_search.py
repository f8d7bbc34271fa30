"""Finding a show by its name, against a recorded answer."""

from __future__ import annotations

import json

import pytest

from takefive.common.errors import FetchError
from takefive.common.http import Response
from takefive.feeds.search import ItunesDirectory, Listing, read_itunes

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


class Recorded:
    """Answers as Apple did, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def get(self, url: str, **_more: object) -> Response:
        self.asked.append(url)
        return Response(url, 200, {}, json.dumps(ANSWER).encode())


async def test_words_give_the_shows_that_have_a_feed() -> None:
    door = Recorded()
    assert await ItunesDirectory(door).search("café & code", most=5) == (FOUND,)
    assert door.asked == ["https://itunes.apple.com/search?media=podcast&term=caf%C3%A9+%26+code&limit=5"]


async def test_a_number_gives_its_show() -> None:
    door = Recorded()
    assert await ItunesDirectory(door).look_up(341623264) == FOUND
    assert door.asked == ["https://itunes.apple.com/lookup?id=341623264&entity=podcast"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"results": 1}', b"<html>", b"[" * 9_999, b"\xff"])
def test_an_answer_that_is_none_is_told_in_words(data: bytes) -> None:
    with pytest.raises(FetchError, match="Apple's directory"):
        list(read_itunes(data))
