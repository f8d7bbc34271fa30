"""One slow or angry host does not hold up the feeds of the others."""

from __future__ import annotations

import asyncio
from time import monotonic

from loopback import Request, loopback, reply
from takefive.common.http import GuardedClient
from takefive.feeds.fetch import FeedRequest, fetch_feeds

FEED = b"<rss><channel><title>A</title><item><title>One</title></item></channel></rss>"


async def _slow(_: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.4)
    writer.write(reply(body=FEED))


async def test_fifty_feeds_of_one_slow_host_do_not_hold_all_places() -> None:
    """50 feeds at a host that answers 4 at a time in 0.4 s take 5 s; those behind them in the list are not made to wait."""
    answers = {f"/slow{n}": _slow for n in range(50)} | {f"/quick{n}": reply(body=FEED) for n in range(100)}
    async with loopback(answers) as served:
        slow = [FeedRequest(served.url(f"/slow{n}", "other.example")) for n in range(50)]
        quick = [FeedRequest(served.url(f"/quick{n}", "feeds.example")) for n in range(100)]
        came: list[tuple[str, float]] = []
        began = monotonic()
        async with GuardedClient(user_agent="x", trusted=served.trusted) as client:
            async for answer in fetch_feeds(client, slow + quick, concurrency=50):
                assert answer.outcome == "changed"
                came.append((answer.request.url, monotonic() - began))
    order = ["slow" in url for url, _ in came]
    assert sum(order[:80]) <= 20, "the quick ones are answered while the slow host is still asked"


async def test_a_host_that_asks_for_a_pause_is_not_asked_for_its_other_feeds() -> None:
    angry = reply(429, retry_after="3600")
    answers = {f"/feed{n}": angry for n in range(40)} | {"/other": reply(body=FEED)}
    async with loopback(answers) as served:
        requests = [FeedRequest(served.url(f"/feed{n}", "other.example")) for n in range(40)]
        async with GuardedClient(user_agent="x", trusted=served.trusted) as client:
            got = [a async for a in fetch_feeds(client, [*requests, FeedRequest(served.url("/other"))])]
        asked = [request.path for request in served.asked]
    assert len(asked) <= 5, "those that were on their way, and the other host"
    refused = [a for a in got if a.outcome == "failed"]
    assert len(refused) == 40
    assert all(a.retry_after is not None and 3_500 < a.retry_after.total_seconds() <= 3_600 for a in refused)


async def test_what_a_host_answers_for_one_feed_stands_in_no_other_feeds_error() -> None:
    names = ["members-of-jane", *(f"feed{n}" for n in range(9))]
    async with loopback({f"/{name}": reply(429, retry_after="3600") for name in names}) as served:
        requests = [FeedRequest(served.url(f"/{name}", "other.example")) for name in names]
        async with GuardedClient(user_agent="x", trusted=served.trusted) as client:
            got = [a async for a in fetch_feeds(client, requests)]
    others = [str(a.error) for a in got if "jane" not in a.request.url]
    assert not any("jane" in error for error in others)
    assert "other.example: the host asks for a pause" in others
