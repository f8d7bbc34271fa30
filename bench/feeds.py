"""How fast a feed of 300 episodes is parsed, beside feedparser, podcastparser and the bare lxml tree as the limit."""

from __future__ import annotations

import io
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from statistics import median

import feedparser
import podcastparser
from lxml import etree

from bench.table import RUNS, Row, show
from takefive.feeds.parse import parse_feed
from takefive.feeds.slices import mark_items, read_changes
from takefive.pipeline.samples import folder

COMMAND = "python -m bench.feeds"
EPISODES = 300
SOURCE = "https://example.org/feed"
ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
NOTES = (
    b"<description>" + b"&lt;p&gt;Show notes with a &lt;a href='https://example.org'&gt;link&lt;/a&gt;.&lt;/p&gt;" * 25
)


def feed(episodes: int = EPISODES) -> bytes:
    """A sample feed whose first episode is repeated, each time as another episode with two kilobytes of notes."""
    data = (folder() / "feeds" / "podcast.xml").read_bytes()
    first = ITEM.search(data)
    assert first is not None
    item = first.group().replace(b"<description>", NOTES, 1)
    copies = [re.sub(rb"(<guid[^>]*>)", rb"\g<1>%d-" % number, item) for number in range(episodes)]
    return ITEM.sub(b"", data).replace(b"</channel>", b"".join(copies) + b"</channel>")


def measure() -> Iterator[Row]:
    data = feed()
    assert len(parse_feed(data, source="bench").items) == EPISODES
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: parse_feed(data, source="bench"),
        "feedparser": lambda: feedparser.parse(data),
        "podcastparser": lambda: podcastparser.parse("https://example.org/feed", io.BytesIO(data)),
        "bare lxml tree": lambda: etree.fromstring(data),
    }
    ways["again"] = poll_again(data)
    wall, cpu = in_turn(ways)
    yield row(f"feeds of {EPISODES} episodes parsed ({len(data) // 1024:,} KB)", "ours", wall)
    yield row("the same in CPU time", "ours", cpu)
    yield row(f"the same, one item of {EPISODES} is new", "again", wall)
    yield row("the same in CPU time", "again", cpu)


def row(what: str, name: str, taken: Mapping[str, float]) -> Row:
    ours, peers = taken[name], ("podcastparser", "feedparser", "bare lxml tree")
    peer = "; ".join(f"{peer} {1000 * taken[peer]:.3g} ms ({taken[peer] / ours:.1f} times)" for peer in peers)
    return Row(what=what, figure=f"{1000 * ours:.3g} ms", peer=peer, command=COMMAND)


def in_turn(ways: Mapping[str, Callable[[], object]]) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of the wall and the CPU time of each, in seconds; in turn, so that other work on the machine meets all.

    Each runs once unmeasured just before, so that none begins with the caches that another has left.
    """
    wall, cpu = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for _ in range(RUNS):
        for name, work in ways.items():
            work()
            began, busy = time.perf_counter(), time.process_time()
            work()
            wall[name].append(time.perf_counter() - began)
            cpu[name].append(time.process_time() - busy)
    return {n: median(t) for n, t in wall.items()}, {n: median(t) for n, t in cpu.items()}


def poll_again(data: bytes) -> Callable[[], object]:
    """The feed as the scanner reads it when all of its items but the first are known."""
    feed = parse_feed(data, source=SOURCE)
    mark_items(feed, data)
    known = frozenset(item.mark for item in feed.items[1:])

    def read() -> object:
        changes = read_changes(data, known, source=SOURCE)
        assert changes is not None
        assert [item.guid for item in changes.items] == [feed.items[0].guid]
        return changes

    return read


if __name__ == "__main__":
    show(measure())
