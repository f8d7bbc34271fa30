"""Every status with every kind of body and header: 480 behaviours of a server and what comes of each."""

from __future__ import annotations

import gzip
from itertools import product

import pytest

from loopback import loopback, reply
from takefive.common.http import GuardedClient
from takefive.feeds.fetch import FeedRequest, fetch_feeds

FEED = b"<rss><channel><title>Show</title><item><guid>1</guid></item></channel></rss>"
PACKED = gzip.compress(FEED)
# name -> bytes, Content-Encoding, is there a feed in it
BODIES = {
    "feed": (FEED, "", True),
    "packed": (PACKED, "gzip", True),
    "packed without saying": (PACKED, "", False),
    "said packed": (FEED, "gzip", True),
    "half": (PACKED[:40], "gzip", False),
    "page": (b"<!doctype html><html><title>Sign in</title></html>", "", False),
    "empty": (b"", "", False),
    "noise": (bytes(range(256)), "", False),
}
HEADERS: dict[str, dict[str, str]] = {
    "plain": {},
    "validators": {"etag": '"new"', "last_modified": "Wed, 02 Oct 2024 08:00:00 GMT"},
    "odd": {"retry_after": "1e99", "content_type": "text/plain; charset=no-such", "set_cookie": "a=b", "expires": "0"},
}
STATUSES = (200, 201, 203, 204, 206, 300, 304, 305, 400, 401, 403, 404, 407, 410, 429, 451, 500, 502, 503, 530)
BODILESS = (204, 304)


def expected(status: int, is_feed: bool) -> str:
    """What a reader of RFC 9110 would do, not what the code does."""
    if status == 200:
        return "changed" if is_feed else "failed"
    return {304: "unchanged", 410: "gone"}.get(status, "failed")


@pytest.mark.parametrize("status", STATUSES)
async def test_every_answer_with_this_status_comes_to_what_it_should(status: int) -> None:
    answers, wanted = {}, {}
    for (body_name, (body, coding, is_feed)), (head_name, headers) in product(BODIES.items(), HEADERS.items()):
        path = f"/{body_name}/{head_name}".replace(" ", "-")
        packed = {"content_encoding": coding} if coding else {}
        answers[path] = reply(status, b"" if status in BODILESS else body, **headers, **packed)
        wanted[path] = expected(status, is_feed)
    async with (
        loopback(answers) as server,
        GuardedClient(user_agent="t", trusted=server.trusted, total_timeout=5) as client,
    ):
        requests = [FeedRequest(server.url(path), etag='"old"') for path in answers]
        found = {a.request.url.removeprefix(server.url("")): a async for a in fetch_feeds(client, requests)}
    assert {path: answer.outcome for path, answer in found.items()} == wanted
    for path, answer in found.items():
        assert (answer.error is None) == (wanted[path] in ("changed", "unchanged"))
        assert answer.etag == (
            '"old"' if wanted[path] != "changed" else '"new"' if path.endswith("validators") else None
        )
        assert answer.retry_after is None
