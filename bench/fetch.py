"""How many feeds a second are asked and answered "unchanged" over real sockets, beside aiohttp alone and urllib.

The server runs in a process of its own and answers 304 to every request. Ours does what it does in the world: address
check at connect, limits, validators byte for byte.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import aiohttp

from bench.table import Row, seconds, show
from takefive.common.http import GuardedClient
from takefive.feeds.fetch import FeedRequest, fetch_feeds

COMMAND = "python -m bench.fetch"
FEEDS, FEW, AT_ONCE = 3_000, 300, 100
SERVER = """
import asyncio
async def answer(reader, writer):
    try:
        while await reader.readuntil(b"\\r\\n\\r\\n"):
            writer.write(b"HTTP/1.1 304 Not Modified\\r\\nETag: \\"a\\"\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def urls() -> list[str]:
    """As in the world: many hosts, some with many feeds."""
    return [f"http://host{n % 300}.example/feed{n}.xml" for n in range(FEEDS)]


async def ours(port: int) -> int:
    trusted = {f"host{n}.example": f"127.0.0.1:{port}" for n in range(300)}
    requests = [FeedRequest(url, etag='"a"') for url in urls()]
    async with GuardedClient(user_agent="bench", trusted=trusted) as client:
        return sum([a.outcome == "unchanged" async for a in fetch_feeds(client, requests, concurrency=AT_ONCE)])


async def bare(port: int) -> int:
    places = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:

        async def one(number: int) -> int:
            url = f"http://127.0.0.1:{port}/feed{number}.xml"
            async with places, session.get(url, headers={"If-None-Match": '"a"'}) as response:
                await response.read()
                return response.status

        return (await asyncio.gather(*(one(n) for n in range(FEEDS)))).count(304)


def in_turn(port: int) -> int:
    """The standard library, one after the other, as a small scanner would."""
    seen = 0
    for number in range(FEW):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{number}", headers={"If-None-Match": '"a"'})
        try:
            urllib.request.urlopen(request)
        except urllib.error.HTTPError as answer:
            seen += answer.code == 304
    return seen


def measure() -> Iterator[Row]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        try:
            rates = {
                "ours": _rate(lambda: asyncio.run(ours(port)), FEEDS),
                "aiohttp alone": _rate(lambda: asyncio.run(bare(port)), FEEDS),
                "urllib": _rate(lambda: in_turn(port), FEW),
            }
        finally:
            server.kill()
    peer = "; ".join(f"{name} {rate:,.0f}/s" for name, rate in rates.items() if name != "ours")
    yield Row(
        what="feeds answered 304, with address check",
        figure=f"{rates['ours']:,.0f} feeds/s",
        peer=peer,
        command=COMMAND,
    )


def _rate(work: Callable[[], int], feeds: int) -> float:
    assert work() == feeds
    return feeds / seconds(work)


if __name__ == "__main__":
    show(measure())
