"""No document takes more than its share of memory, as the system counts it and not as Python does."""

from __future__ import annotations

import subprocess
import sys

MEASURE = """
import resource, sys
from contextlib import suppress
from takefive.common.errors import FeedError
from takefive.feeds.parse import parse_feed

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

data = b"<rss><channel><item>" + BOMB
before = peak()
with suppress(FeedError):
    feed = parse_feed(data, source="x")
print(peak() - before)
"""
BOMBS = {
    "elements": 'b"<a/>" * 700_000',
    "open elements": 'b"<a>" * 700_000',
    "items": 'b"<item/>" * 700_000',
    "attributes": 'b"<a " + b" ".join(b"a%d=\'\'" % n for n in range(300_000)) + b">"',
    "small attributes": "b\"<a b='' c=''/>\" * 400_000",
    "one text": 'b"<title>" + b"x" * 17_000_000 + b"</title>"',
    "emoji": 'b"<title>" + "\\U0001f600".encode() * 1_500_000 + b"&</title>"',
    "ampersands": 'b"&" * 6_000_000',
    "references": 'b"&#65;" * 1_000_000',
    "cdata": 'b"<![CDATA[x]]>" * 700_000',
    "comments": 'b"<!---->" * 700_000',
}


def test_no_bomb_takes_much_memory_or_time() -> None:
    runs = {
        name: subprocess.Popen([sys.executable, "-c", MEASURE.replace("BOMB", bomb)], stdout=subprocess.PIPE, text=True)
        for name, bomb in BOMBS.items()
    }
    grown = {name: int(run.communicate(timeout=60)[0]) for name, run in runs.items()}
    assert max(grown.values()) <= 120, grown
