"""From what people have in their hands to feeds, with real servers and a recorded directory."""

from __future__ import annotations

import pytest

from loopback import Loopback, loopback, reply
from takefive.common.errors import FeedError, FetchError, RefusedAddressError, TakefiveError, UsageError
from takefive.common.http import GuardedClient
from takefive.feeds.find import find
from takefive.feeds.search import Listing
from takefive.feeds.xml import MOST_BYTES

SHOW = Listing("https://a.example/feed", "A Show", "Ada", 7)


class Recorded:
    """A directory that knows one show."""

    async def search(self, words: str, *, most: int = 10) -> tuple[Listing, ...]:
        return (SHOW,) if "show" in words else ()

    async def look_up(self, number: int) -> Listing | None:
        return SHOW if number == 1528594034 else None


def feed(title: str, items: int = 1) -> bytes:
    some = "".join(f"<item><guid>{n}</guid></item>" for n in range(items))
    author = "<itunes:author>Ada</itunes:author>"
    return f'<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>{title}</title>{author}{some}</channel></rss>'.encode()


def page(*links: str) -> bytes:
    declared = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<!doctype html><html><head>{declared}</head><body>Hello</body></html>".encode()


async def found(server: Loopback, what: str) -> tuple[Listing, ...]:
    async with GuardedClient(user_agent="t", trusted=server.trusted, total_timeout=3) as client:
        return await find(client, Recorded(), what)


async def test_the_address_of_a_feed_is_that_feed() -> None:
    async with loopback({"/f": reply(200, feed("One", 3))}) as server:
        assert await found(server, server.url("/f")) == (Listing(server.url("/f"), "One", "Ada", 3),)


async def test_a_feed_that_is_longer_than_we_read_is_still_found() -> None:
    long = feed("Long", 100).replace(
        b"</channel>", b"<item><guid>old</guid></item>" + b" " * MOST_BYTES + b"</channel>"
    )
    async with loopback({"/f": reply(200, long), "/": reply(200, page("/f"))}) as server:
        wanted = (Listing(server.url("/f"), "Long", "Ada", 101),)
        assert await found(server, server.url("/f")) == wanted
        assert await found(server, server.url("/")) == wanted


async def test_the_page_of_a_show_gives_the_feeds_it_names_and_that_are_feeds() -> None:
    async with loopback({"/": reply(200, page("/podcast.rss", "/none", "http://other.example/b"))}) as server:
        server.answers |= {"/podcast.rss": reply(200, feed("One")), "/b": reply(200, feed("Two"))}
        assert [one.title for one in await found(server, server.url("/"))] == ["One", "Two"]


async def test_a_page_never_leads_inside() -> None:
    async with loopback() as server:
        server.answers["/"] = reply(200, page(f"http://127.0.0.1:{server.port}/secret", "http://169.254.169.254/"))
        with pytest.raises(FeedError, match="the page names none"):
            await found(server, server.url("/"))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("what", "wanted"),
    [("https://podcasts.apple.com/us/podcast/a-show/id1528594034", (SHOW,)), ("a show", (SHOW,))],
)
async def test_a_directory_is_asked_for_links_of_apple_and_for_words(what: str, wanted: object) -> None:
    async with loopback() as server:
        assert await found(server, what) == wanted


ERRORS = [
    ("nothing like it", UsageError, "no show was found"),
    ("https://podcasts.apple.com/us/podcast/other/id99999", UsageError, "no such show"),
    ("http://feeds.example/none", FetchError, "404"),
    ("http://127.0.0.1:8080/", RefusedAddressError, "not a public address"),
    ("http://feeds.example/page", FeedError, "the page names none"),
]


@pytest.mark.parametrize(("what", "kind", "words"), ERRORS)
async def test_what_leads_nowhere_is_told_in_words(what: str, kind: type[TakefiveError], words: str) -> None:
    async with loopback({"/page": reply(200, page())}) as server:
        with pytest.raises(kind, match=words):
            await found(server, what)
