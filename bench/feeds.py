"""How fast a feed of 300 episodes is parsed, beside feedparser, podcastparser and the bare lxml tree as the limit."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator

import feedparser
import podcastparser
from lxml import etree

from bench.table import Row, seconds, show
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
    rate = {name: 1 / seconds(work, runs=5 if name != "feedparser" else 3) for name, work in ways.items()}
    peer = "; ".join(f"{name} {value:.2g}/s" for name, value in rate.items() if name != "ours")
    what = f"feeds of {EPISODES} episodes parsed ({len(data) // 1024:,} KB)"
    yield Row(what=what, figure=f"{rate['ours']:.1f} feeds/s", peer=peer, command=COMMAND)
    cpu = {name: 1000 * least(work) for name, work in ways.items() if name != "feedparser"}
    peer = "; ".join(f"{name} {value:.1f} ms" for name, value in cpu.items() if name != "ours")
    peer += f" ({cpu['podcastparser'] / cpu['ours']:.1f} times)"
    yield Row(what="the same in CPU time, least of fifteen", figure=f"{cpu['ours']:.1f} ms", peer=peer, command=COMMAND)
    again = 1 / seconds(poll_again(data))
    peer = f"podcastparser {rate['podcastparser']:.2g}/s ({again / rate['podcastparser']:.0f} times)"
    yield Row(
        what=f"the same, one item of {EPISODES} is new", figure=f"{again:.0f} feeds/s", peer=peer, command=COMMAND
    )


def least(work: Callable[[], object], runs: int = 15) -> float:
    """The shortest CPU time of `work`, in seconds: what other processes do shows least in it."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(runs))


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
