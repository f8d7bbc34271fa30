"""Asking real servers for feeds."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from loopback import Request, loopback, reply
from takefive.common.http import GuardedClient
from takefive.feeds.fetch import FeedRequest, fetch_feed, fetch_feeds, read_retry_after

FEED = b"<rss><channel><title>Show</title><item><guid>1</guid></item></channel></rss>"


async def ask(answers, *requests: FeedRequest, **more):
    """What came of each request, by path, and what the server was asked."""
    async with loopback(answers) as server, client(server) as door:
        whole = [FeedRequest(server.url(r.url), r.etag, r.last_modified, r.full) for r in requests]
        found = {a.request.url.removeprefix("http://feeds.example"): a async for a in fetch_feeds(door, whole, **more)}
        return found, server.asked


def client(server) -> GuardedClient:
    return GuardedClient(user_agent="Takefive/test", trusted=server.trusted, total_timeout=3)


async def one(answer, **more):
    found, asked = await ask({"/a": answer}, FeedRequest("/a", **more))
    return found["/a"], asked[0] if asked else None


async def test_a_feed_that_is_there_comes_parsed_with_its_validators() -> None:
    answer, _ = await one(reply(200, FEED, etag='W/"x y"', last_modified="Wed, 02 Oct 2024 08:00:00 GMT"))
    assert answer.outcome == "changed"
    assert answer.feed is not None
    assert answer.feed.title == "Show"
    assert (answer.etag, answer.last_modified) == ('W/"x y"', "Wed, 02 Oct 2024 08:00:00 GMT")


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "unquoted", '"with, comma"', '""', '"  spaces "'])
async def test_validators_go_back_byte_for_byte(etag: str) -> None:
    answer, request = await one(reply(304), etag=etag, last_modified="Some Day")
    assert answer.outcome == "unchanged"
    assert request.headers["if-none-match"] == etag
    assert request.headers["if-modified-since"] == "Some Day"
    assert (answer.etag, answer.last_modified) == (etag, "Some Day")


async def test_a_full_request_sends_no_validators() -> None:
    answer, request = await one(reply(200, FEED), etag='"a"', last_modified="b", full=True)
    assert answer.outcome == "changed"
    assert not request.headers.keys() & {"if-none-match", "if-modified-since"}


async def test_unchanged_without_a_question_is_a_failure() -> None:
    answer, _ = await one(reply(304), etag='"a"', full=True)
    assert answer.outcome == "failed"
    assert answer.etag == '"a"'


@pytest.mark.parametrize("etag", ['"' + "x" * 10_000 + '"', '"caf\xe9"'])
async def test_a_validator_that_cannot_go_back_unchanged_is_not_kept(etag: str) -> None:
    answer, _ = await one(reply(200, FEED, etag=etag))
    assert (answer.outcome, answer.etag) == ("changed", None)


async def test_gone_is_told_apart_from_failed() -> None:
    assert (await one(reply(410)))[0].outcome == "gone"
    for status in (400, 401, 403, 404, 429, 451, 500, 503):
        answer, _ = await one(reply(status))
        assert (answer.outcome, answer.error.status) == ("failed", status)


@pytest.mark.parametrize("status", [201, 204, 206])
async def test_a_success_without_a_whole_feed_is_a_failure(status: int) -> None:
    assert (await one(reply(status, FEED if status == 206 else b"")))[0].outcome == "failed"


@pytest.mark.parametrize("body", [b"", b"<html><body>Log in to the WiFi</body></html>", b"{}"])
async def test_a_page_where_a_feed_should_be_is_a_failure_and_keeps_the_validators(body: bytes) -> None:
    answer, _ = await one(reply(200, body, etag='"portal"'), etag='"mine"')
    assert answer.outcome == "failed"
    assert answer.etag == '"mine"'
    assert str(answer.error).startswith("http://feeds.example/a: no feed in it")


async def test_a_permanent_move_is_told() -> None:
    answers = {"/a": reply(301, location="/b"), "/b": reply(200, FEED), "/c": reply(302, location="/b")}
    found, _ = await ask(answers, FeedRequest("/a"), FeedRequest("/c"))
    assert found["/a"].moved_to == "http://feeds.example/b"
    assert found["/c"].moved_to is None
    assert found["/a"].feed.source == "http://feeds.example/b"


async def test_one_bad_feed_does_not_stop_the_others() -> None:
    async def hang(_request, _writer) -> None:
        await asyncio.sleep(60)

    good = [FeedRequest(f"/good{n}") for n in range(20)]
    answers = {r.url: reply(200, FEED) for r in good} | {
        "/hang": hang,
        "/bad": b"\x00\x01",
        "/bomb": reply(200, b"<" * 10**6),
    }
    bad = [FeedRequest("/hang"), FeedRequest("/bad"), FeedRequest("/bomb"), FeedRequest("/missing")]
    found, _ = await ask(answers, *bad, *good)
    assert {u: a.outcome for u, a in found.items()} == {r.url: "failed" for r in bad} | {r.url: "changed" for r in good}


async def test_answers_come_as_they_come() -> None:
    async def slow(_request, writer) -> None:
        await asyncio.sleep(0.3)
        writer.write(reply(200, FEED))

    found, _ = await ask({"/slow": slow, "/quick": reply(200, FEED)}, FeedRequest("/slow"), FeedRequest("/quick"))
    assert list(found) == ["/quick", "/slow"]


async def test_no_more_than_so_many_are_asked_at_once() -> None:
    here, most = 0, 0

    async def count(_request, writer) -> None:
        nonlocal here, most
        here, most = here + 1, max(most, here + 1)
        await asyncio.sleep(0.01)
        here -= 1
        writer.write(reply(304))

    requests = [FeedRequest(f"/{n}", etag="a") for n in range(12)]
    await ask({r.url: count for r in requests}, *requests, concurrency=3)
    assert most == 3


async def test_a_reader_that_leaves_early_leaves_nothing_running() -> None:
    async def slow(_request, writer) -> None:
        await asyncio.sleep(30)

    async with loopback({"/slow": slow, "/quick": reply(200, FEED)}) as server, client(server) as door:
        answers = fetch_feeds(door, [FeedRequest(server.url("/quick")), FeedRequest(server.url("/slow"))])
        async for _ in answers:
            break
        await answers.aclose()
        left = [t for t in asyncio.all_tasks() if "fetch_feed" in str(t.get_coro())]
        assert left == []


async def test_an_address_that_we_refuse_is_a_failure_in_words() -> None:
    async with GuardedClient(user_agent="Takefive/test") as door:
        for url in (
            "http://127.0.0.1/",
            "ftp://x.example/",
            "nonsense",
            "http://10.0.0.1/?auth=hunter2",
            "http://[::1",
            "\x00",
            "",
        ):
            answer = await fetch_feed(door, FeedRequest(url))
            assert answer.outcome == "failed"
            assert "hunter2" not in str(answer.error)
            assert answer.error.retry is False


DATE = "Wed, 02 Oct 2024 08:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta(0)),
        ("1.5", timedelta(seconds=1.5)),
        ("999999999999", timedelta(days=2)),
        ("Wed, 02 Oct 2024 09:00:00 GMT", timedelta(hours=1)),
        ("Wed, 02 Oct 2024 07:00:00 GMT", timedelta(0)),
        ("Wed, 02 Oct 2099 07:00:00 GMT", timedelta(days=2)),
        ("-1", None),
        ("1e99", None),
        ("soon", None),
        ("", None),
        ("9" * 5_000, None),
    ],
)
def test_the_wait_a_server_asks_for_is_clamped(said: str, wait: timedelta | None) -> None:
    assert read_retry_after({"Retry-After": said, "Date": DATE}) == wait


async def test_too_many_requests_says_when_to_come_back() -> None:
    answer, _ = await one(reply(429, retry_after="3600"))
    assert answer.retry_after == timedelta(hours=1)


async def test_a_server_that_says_unchanged_with_a_body_is_asked_for_the_whole_feed() -> None:
    async def confused(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(304, b"<p>Not modified") if "if-none-match" in request.headers else reply(200, FEED))

    async with (
        loopback({"/": confused, "/never": b"SSH-2.0-x\r\n"}) as server,
        GuardedClient(user_agent="t", trusted=server.trusted) as client,
    ):
        asked = FeedRequest(server.url(), etag='"old"')
        answer = await fetch_feed(client, asked)
        assert (answer.outcome, answer.request) == ("changed", asked)
        assert (await fetch_feed(client, FeedRequest(server.url("/never"), etag='"old"'))).outcome == "failed"
        assert [request.path for request in server.asked] == ["/", "/", "/never", "/never"]
