"""Older pages of a feed, and the address it says it has moved to, from a real server."""

from __future__ import annotations

import pytest

from loopback import Loopback, loopback, reply
from takefive.common.http import GuardedClient
from takefive.feeds import follow
from takefive.feeds.fetch import FeedAnswer, FeedRequest, fetch_feed
from takefive.feeds.follow import with_move, with_older_pages


def feed(*guids: str, title: str = "Show", next_page: str = "", new: str = "", own_guid: str = "") -> bytes:
    items = "".join(f"<item><guid>{g}</guid><title>Episode {g}</title></item>" for g in guids)
    page = f'<atom:link rel="next" href="{next_page}"/>' if next_page else ""
    moved = f"<itunes:new-feed-url>{new}</itunes:new-feed-url>" if new else ""
    guid = f"<podcast:guid>{own_guid}</podcast:guid>" if own_guid else ""
    return f"""<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
      xmlns:podcast="https://podcastindex.org/namespace/1.0"
      ><channel><title>{title}</title>{page}{moved}{guid}{items}</channel></rss>""".encode()


async def walked(server: Loopback, how, start: str = "/old", **more) -> FeedAnswer:
    async with GuardedClient(user_agent="t", trusted=server.trusted, total_timeout=3, **more) as client:
        return await how(client, await fetch_feed(client, FeedRequest(server.url(start))))


def guids(answer: FeedAnswer) -> list[str]:
    assert answer.feed is not None
    return [item.guid for item in answer.feed.items]


async def test_older_pages_come_after_the_first() -> None:
    async with loopback() as server:
        server.answers |= {
            "/old": reply(200, feed("5", "4", next_page="/2")),
            "/2": reply(200, feed("3", "2", next_page="http://other.example/3")),
            "/3": reply(200, feed("1")),
        }
        answer = await walked(server, with_older_pages)
    assert guids(answer) == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("second", [reply(500), reply(200, b"<html>"), reply(404)])
async def test_a_page_that_cannot_be_had_ends_the_walk_and_nothing_else(second: bytes) -> None:
    async with loopback({"/old": reply(200, feed("2", next_page="/2")), "/2": second}) as server:
        answer = await walked(server, with_older_pages)
    assert (answer.outcome, guids(answer)) == ("changed", ["2"])


async def test_pages_in_a_circle_and_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with loopback({"/old": reply(200, feed("2", next_page="/2"))}) as server:
        server.answers["/2"] = reply(200, feed("1", next_page="/old"))
        assert guids(await walked(server, with_older_pages)) == ["2", "1"]
        assert len(server.asked) == 2

        server.answers |= {f"/{n}": reply(200, feed(f"g{n}", next_page=f"/{n + 1}")) for n in range(2, 99)}
        assert len(guids(await walked(server, with_older_pages))) == 1 + follow.MOST_PAGES

        monkeypatch.setattr(follow, "MOST_ITEMS", 3)
        assert len(guids(await walked(server, with_older_pages))) == 3


async def test_a_next_page_inside_is_never_asked_for() -> None:
    async with loopback() as server:
        inside = f"http://127.0.0.1:{server.port}/2"
        server.answers |= {"/old": reply(200, feed("2", next_page=inside)), "/2": reply(200, feed("1"))}
        assert guids(await walked(server, with_older_pages)) == ["2"]
        assert len(server.asked) == 1


NEW = "http://other.example/new"


async def moved(old: bytes, **answers: bytes) -> FeedAnswer:
    """What comes of a feed at /old, with other feeds at other.example."""
    async with loopback({"/old": reply(200, old, etag='"old"')}) as server:
        server.answers |= {f"/{name}": reply(200, body, etag='"new"') for name, body in answers.items()}
        return await walked(server, with_move)


async def test_a_new_address_is_taken_where_the_same_show_lies() -> None:
    answer = await moved(feed("2", "1", new=NEW), new=feed("3", "2", new=NEW))
    assert answer.moved_to == NEW
    assert answer.request.url == "http://feeds.example/old"
    assert (guids(answer), answer.etag) == (["3", "2"], '"new"')


async def test_a_show_may_change_its_title_when_it_keeps_its_own_guid() -> None:
    assert (
        await moved(feed("1", new=NEW, own_guid="g"), new=feed("1", title="Re-named", own_guid="g"))
    ).moved_to == NEW


NOT_PROVEN = {
    "another show": feed("1", title="Other"),
    "the same name, no episode of it": feed("9"),
    "no feed": b"<html>",
    "back again": feed("1", new="http://feeds.example/old"),
    "on to nowhere": feed("1", new="http://other.example/none"),
    "on to another show": feed("1", new="http://other.example/third"),
}


@pytest.mark.parametrize("why", NOT_PROVEN)
async def test_a_move_that_is_not_proven_is_not_made(why: str) -> None:
    answer = await moved(feed("1", new=NEW), new=NOT_PROVEN[why], third=feed("1", title="Other"))
    assert (answer.moved_to, answer.etag, guids(answer)) == (None, '"old"', ["1"])


async def test_a_feed_that_moved_twice_is_followed_to_its_last_address() -> None:
    last = "http://third.example/last"
    answer = await moved(feed("1", new=NEW), new=feed("1", new=last), last=feed("1", "2", new=last))
    assert answer.moved_to == last


async def test_moves_without_end_are_not_followed() -> None:
    chain = {f"s{n}": feed("1", new=f"http://other.example/s{n + 1}") for n in range(20)}
    answer = await moved(feed("1", new="http://other.example/s0"), **chain)
    assert answer.moved_to is None


async def test_an_address_inside_is_no_new_address() -> None:
    async with loopback() as server:
        server.answers["/old"] = reply(200, feed("1", new=f"http://127.0.0.1:{server.port}/new"))
        server.answers["/new"] = reply(200, feed("1"))
        answer = await walked(server, with_move)
        assert answer.moved_to is None
        assert [request.path for request in server.asked] == ["/old"]
