"""Every status with every kind of body, header and pace: 1,560 behaviours of a server and what comes of each."""

from __future__ import annotations

import gzip
from itertools import product

import pytest

from loopback import loopback, reply
from paces import PACES, Pace
from takefive.common.http import GuardedClient
from takefive.feeds import fetch
from takefive.feeds.fetch import FeedAnswer, FeedRequest, fetch_feeds

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
SOME_BODIES = ("feed", "packed", "page")
SHORT, USUAL = 0.15, 18.0  # seconds for a request: only where the server would take for ever the limit is met


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


async def at_pace(pace: Pace) -> dict[tuple[int, str], FeedAnswer]:
    """What comes of each status and body; each status has a host of its own, so that none waits for another."""
    answers = {}
    for status, name in product(STATUSES, SOME_BODIES):
        body, coding, _ = BODIES[name]
        packed = {"content_encoding": coding} if coding else {}
        answers[f"/{status}/{name}"] = pace.answer(status, b"" if status in BODILESS else body, **packed)
    async with loopback(answers) as server:
        trusted = {f"host{status}.example": f"127.0.0.1:{server.port}" for status in STATUSES}
        urls = [server.url(path, f"host{path.split('/')[1]}.example") for path in answers]
        async with GuardedClient(user_agent="t", trusted=trusted) as client:
            asked = fetch_feeds(client, [FeedRequest(url, etag='"old"') for url in urls], concurrency=len(urls))
            found = {tuple(answer.request.url.split("/")[3:]): answer async for answer in asked}
    return {(int(status), name): answer for (status, name), answer in found.items()}


@pytest.mark.parametrize("name", PACES)
async def test_every_answer_at_this_pace_comes_to_what_it_should(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9112: a whole head is believed, and a body only where it is whole."""
    pace = PACES[name]
    monkeypatch.setattr(fetch, "MOST_SECONDS", USUAL if pace.in_time else SHORT)
    found = await at_pace(pace)
    for (status, body), answer in found.items():
        wanted = expected(status, BODIES[body][2] and pace.has_body) if pace.has_head else "failed"
        assert (status, body, answer.outcome) == (status, body, wanted)
        assert answer.etag == ('"old"' if wanted != "changed" else None)
        if not pace.has_head or (status == 200 and not pace.has_body):
            assert ("no answer in time" in str(answer.error)) == (not pace.in_time)
    assert len(found) == len(STATUSES) * len(SOME_BODIES)


def test_the_behaviours_are_as_many_as_is_said() -> None:
    by_header, by_pace = len(BODIES) * len(HEADERS), len(PACES) * len(SOME_BODIES)
    assert len(STATUSES) * (by_header + by_pace) == 1_560
