"""How fast a feed of 300 episodes is parsed, beside feedparser, podcastparser and the bare lxml tree as the limit."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

import feedparser
import podcastparser
from lxml import etree

from bench.table import Row, seconds, show
from takefive.feeds.parse import parse_feed
from takefive.pipeline.samples import folder

COMMAND = "python -m bench.feeds"
EPISODES = 300
ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
NOTES = (
    b"<description>" + b"&lt;p&gt;Show notes with a &lt;a href='https://example.org'&gt;link&lt;/a&gt;.&lt;/p&gt;" * 25
)


def feed() -> bytes:
    """A sample feed whose first episode is repeated, each time as another episode with two kilobytes of notes."""
    data = (folder() / "feeds" / "podcast.xml").read_bytes()
    first = ITEM.search(data)
    assert first is not None
    item = first.group().replace(b"<description>", NOTES, 1)
    copies = [re.sub(rb"(<guid[^>]*>)", rb"\g<1>%d-" % number, item) for number in range(EPISODES)]
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


if __name__ == "__main__":
    show(measure())
