"""How many feeds a second are polled through to the database: "unchanged" noted, or a first feed fetched, read and stored.

The server runs in a process of its own. Ours is the step `scan` as the workers run it, on an embedded PostgreSQL, with the
address check; each feed has a host of its own. The peer is lemon24/reader with eight workers and its SQLite.
"""

from __future__ import annotations

import logging
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.feeds import feed
from bench.installation import fresh_home
from bench.table import RUNS, Row, show

COMMAND = "python -m bench.polling"
POLLED, EPISODES, NEW, TABLE = 1_000, 20, 40, 100_000
ETAG = '"a"'
SERVER = """
import asyncio, sys
body = open(sys.argv[1], "rb").read()
whole = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/rss+xml\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
async def answer(reader, writer):
    try:
        while head := await reader.readuntil(b"\\r\\n\\r\\n"):
            known = b"if-none-match" in head.lower()
            writer.write(b"HTTP/1.1 304 Not Modified\\r\\n\\r\\n" if known else whole)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def url(number: int) -> str:
    return f"http://host{number}.example/feed.xml"


def fill() -> None:
    """Podcasts that were polled before, with their newest episodes."""
    from takefive.store.models import Episode, Podcast

    now = datetime.now(UTC)
    podcasts = [
        Podcast(feed_url=url(n), public_id=f"p{n}", title=f"Show {n}", etag=ETAG, full_fetch_at=now, polled_at=now)
        for n in range(POLLED)
    ]
    for podcast in Podcast.objects.bulk_create(podcasts):
        Episode.objects.bulk_create(
            Episode(podcast=podcast, guid=str(n), public_id=f"e{podcast.pk}-{n}", published_at=now - timedelta(days=n))
            for n in range(EPISODES)
        )


def poll(most: int) -> float:
    """Seconds that the step takes until nothing is due, for at most so many."""
    from takefive.pipeline.steps import scan

    began = time.perf_counter()
    for _ in range(0, most, scan.BATCH):
        scan.run(now=datetime.now(UTC), then=lambda _: None)
    return time.perf_counter() - began


def unchanged() -> float:
    from takefive.store.models import Podcast

    Podcast.objects.filter(feed_url__startswith="http://host").update(next_poll_at=datetime.now(UTC))
    taken = poll(POLLED)
    assert not Podcast.objects.exclude(error="").exists()
    return taken


def first() -> tuple[float, float]:
    """Seconds, and seconds of this process's CPU, for feeds nobody has seen yet: fetched, read and stored."""
    from takefive.store.models import Episode, Podcast

    Podcast.objects.all().delete()
    Podcast.objects.bulk_create(Podcast(feed_url=url(n), public_id=f"p{n}") for n in range(NEW))
    busy = time.process_time()
    taken = poll(NEW)
    busy = time.process_time() - busy
    assert Episode.objects.count() == NEW * EPISODES
    return taken, busy


def reader(port: int, folder: Path) -> tuple[float, float]:
    """The same of the same feeds by lemon24/reader."""
    from reader import make_reader

    with make_reader(str(folder / "reader.sqlite")) as peer:
        for number in range(NEW):
            peer.add_feed(f"http://127.0.0.1:{port}/{number}.xml")
        began, busy = time.perf_counter(), time.process_time()
        list(peer.update_feeds_iter(workers=8))
        taken, busy = time.perf_counter() - began, time.process_time() - busy
        assert peer.get_entry_counts().total == NEW * EPISODES
    return taken, busy


def memory() -> int:
    """The peak of this process in MB, after it has polled a batch of a table of 100,000."""
    from django.db import connection

    from takefive.store.models import Podcast

    like = Podcast.objects.create(feed_url="http://h/", title="Show", description="About it. " * 50, language="en")
    own = ("id", "feed_url", "public_id", "next_poll_at")
    rest = ", ".join(f.column for f in Podcast._meta.concrete_fields if f.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO store_podcast (feed_url, public_id, next_poll_at, {rest})"
            f" SELECT 'http://h' || n || '.example/', 'm' || n, now() + interval '1 day', {rest}"
            " FROM store_podcast, generate_series(1, %s) AS n WHERE id = %s",
            [TABLE, like.pk],
        )
    like.delete()
    unchanged()
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None, "no VmHWM: this needs Linux"
    return int(found[1]) // 1024


def measure() -> Iterator[Row]:
    with fresh_home() as home:
        file = home / "feed.xml"
        file.write_bytes(feed(EPISODES))
        with subprocess.Popen([sys.executable, "-c", SERVER, file], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                yield from rows(home, int(server.stdout.readline()))
            finally:
                server.kill()


def rows(home: Path, port: int) -> Iterator[Row]:
    names = ",".join(f"host{n}.example=127.0.0.1:{port}" for n in range(POLLED))
    os.environ |= {"TAKEFIVE_HOME": str(home), "TAKEFIVE_TRUSTED_HOSTS": names}
    os.environ.pop("DATABASE_URL", None)
    from takefive.cli.boot import boot, set_up
    from takefive.store import embedded

    set_up()
    boot()
    try:
        yield from measured(home, port)
    finally:
        embedded.stop(home)


def measured(home: Path, port: int) -> Iterator[Row]:
    logging.disable(logging.WARNING)
    fill()
    unchanged()
    began = time.process_time()
    rate = POLLED / statistics.median(unchanged() for _ in range(RUNS))
    busy = (time.process_time() - began) / RUNS / POLLED
    limit = f"at most {1 / busy:,.0f}/s by this process's own CPU time"
    yield Row(
        what="feeds answered 304, noted in the database", figure=f"{rate:,.0f} feeds/s", peer=limit, command=COMMAND
    )
    yield beside_reader(home, port)
    yield Row(what="memory, 100,000 feeds in the table", figure=f"{memory()} MB", peer="bar 400 MB", command=COMMAND)


def beside_reader(home: Path, port: int) -> Row:
    """Both in turn, so that what else the machine does falls on both; with their own CPU time beside."""
    first()
    ours, theirs = [], []
    for number in range(RUNS):
        folder = home / str(number)
        folder.mkdir()
        ours.append(first())
        theirs.append(reader(port, folder))
    (rate, busy), (peer, its_busy) = (
        (NEW / statistics.median(taken), 1000 * statistics.median(cpu) / NEW)
        for taken, cpu in (zip(*ours, strict=True), zip(*theirs, strict=True))
    )
    return Row(
        what=f"first feeds of {EPISODES} episodes fetched, read, stored",
        figure=f"{rate:,.1f} feeds/s, {busy:.1f} ms of CPU each",
        peer=f"lemon24/reader, 8 workers, {peer:,.1f}/s ({rate / peer:.1f} times), {its_busy:.0f} ms ({its_busy / busy:.1f} times)",
        command=COMMAND,
    )


if __name__ == "__main__":
    show(measure())
