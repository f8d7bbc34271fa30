"""The readers of what strangers send, driven by atheris: new paths in the code are sought, real files are the start.

    python evals/fuzz_feeds.py feeds --data DIR --seconds 600         DIR as ../shared/data: feeds/, opml/ in it
    python evals/fuzz_feeds.py opml --data DIR --seconds 600

What counts as a crash: see fuzzing.py.
"""

from __future__ import annotations

import atheris
import fuzzing

with atheris.instrument_imports(include=["takefive.feeds"], enable_loader_override=False):
    from takefive.common.errors import TakefiveError
    from takefive.feeds.opml import parse_opml
    from takefive.feeds.parse import parse_feed
    from takefive.feeds.slices import mark_items, read_changes

SOURCE = "https://example.org/feed"


def feeds(data: bytes) -> None:
    """Read whole, shown whole; then read in part, with every other item known: that must say the same."""
    feed = parse_feed(data, source=SOURCE)
    "".join(i.title + i.description + i.summary + i.guid for i in feed.items).encode()
    mark_items(feed, data)
    known = frozenset(item.mark for item in feed.items[::2] if item.mark)
    changes = read_changes(data, known | {1}, source=SOURCE)
    if changes is not None:
        assert changes.title == feed.title
        assert [i.guid for i in changes.items] == [i.guid for i in feed.items if i.mark not in changes.unchanged]


def opml(data: bytes) -> None:
    parse_opml(data)


TARGETS = {"feeds": feeds, "opml": opml}
STARTS = {"feeds": ["feeds/**/*"], "opml": ["opml/**/*"]}

if __name__ == "__main__":
    fuzzing.main(TARGETS, STARTS, TakefiveError, __doc__ or "")
