"""What other feeds lose while one that was made to cost is fetched and read: each bomb of tests/bombs.py in its turn.

One bomb is met each second, or when the last one has ended; all the while others are polled over sockets by the same
client and answered 304. Their rate with each bomb is compared with that of as many seconds just before, without it.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path

from bench.fetch import AT_ONCE, SERVER, urls
from bench.table import Row, show
from takefive.common.http import GuardedClient
from takefive.feeds.fetch import FeedRequest, fetch_feed, fetch_feeds

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from bombs import BOMBS, MAKER

COMMAND = "python -m bench.bombs"
SECONDS, LONGEST = 1.0, 3.0  # of each window; bombs that only drip are watched no longer


def measure() -> Iterator[Row]:
    others = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    maker = subprocess.Popen([sys.executable, MAKER, "--serve"], stdout=subprocess.PIPE, text=True)
    with others, maker:
        assert others.stdout is not None
        assert maker.stdout is not None
        try:
            yield row(asyncio.run(meet_all(int(others.stdout.readline()), int(maker.stdout.readline()))))
        finally:
            others.kill()
            maker.kill()


def row(windows: list[tuple[float, float, float, float]]) -> Row:
    """From the answers a second, and those for a second of this process's CPU, without and with each bomb."""
    alone, beside, cpu_alone, cpu_beside = (sum(column) / len(windows) for column in zip(*windows, strict=True))
    return Row(
        what=f"feeds answered 304 while {len(windows)} bombs are met, one a second",
        figure=f"{beside:,.0f} feeds/s, {1 - beside / alone:.1%} lost",
        peer=f"without bombs {alone:,.0f}/s; for a second of CPU {cpu_beside:,.0f} and {cpu_alone:,.0f}",
        command=COMMAND,
    )


async def meet_all(port: int, maker: int) -> list[tuple[float, float, float, float]]:
    trusted = {f"host{n}.example": f"127.0.0.1:{port}" for n in range(300)} | {"bombs.example": f"127.0.0.1:{maker}"}
    windows = []
    async with GuardedClient(user_agent="bench", trusted=trusted) as client:
        await polled(client, asyncio.sleep(SECONDS))
        for number, name in enumerate(BOMBS):
            await fetch_feed(client, FeedRequest(f"http://bombs.example/make/{number}"))
            alone = await polled(client, asyncio.sleep(SECONDS))
            beside = await polled(client, met(client, number))
            windows.append((alone[0], beside[0], alone[1], beside[1]))
            print(f"{name:45} {alone[0]:6,.0f} {beside[0]:6,.0f} feeds/s", file=sys.stderr, flush=True)
    return windows


async def met(client: GuardedClient, number: int) -> None:
    bomb = fetch_feed(client, FeedRequest(f"http://bombs.example/bomb/{number}"))
    await asyncio.gather(asyncio.wait([asyncio.create_task(bomb)], timeout=LONGEST), asyncio.sleep(SECONDS))


async def polled(client: GuardedClient, until: Awaitable[object]) -> tuple[float, float]:
    """Answers for a second of time and for one of CPU, from now until that is done."""
    ended = asyncio.ensure_future(until)
    answers, began, busy = 0, time.perf_counter(), time.process_time()
    while not ended.done():
        async for answer in fetch_feeds(client, [FeedRequest(url, etag='"a"') for url in urls()], concurrency=AT_ONCE):
            answers += answer.outcome == "unchanged"
            if ended.done():
                break
    return answers / (time.perf_counter() - began), answers / (time.process_time() - busy)


if __name__ == "__main__":
    show(measure())
