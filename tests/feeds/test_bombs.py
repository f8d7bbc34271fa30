"""No document takes more than its share of memory, as the system counts it and not as Python does."""

from __future__ import annotations

import json
import subprocess
import sys

MEASURE = """
import json, resource
from contextlib import suppress
from takefive.common.errors import FeedError
from takefive.feeds.parse import parse_feed

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before, grown = peak(), {}
for name, bomb in BOMBS.items():
    data = b"<rss><channel><item>" + eval(bomb)
    with suppress(FeedError):
        parse_feed(data, source="x")
    grown[name] = peak() - before
print(json.dumps(grown))
"""
BOMBS = {
    "elements": 'b"<a/>" * 700_000',
    "small attributes": "b\"<a b='' c=''/>\" * 400_000",
    "ampersands": 'b"&" * 2_000_000',
    "references": 'b"&#65;" * 1_000_000',
    "cdata": 'b"<![CDATA[x]]>" * 700_000',
}


def test_no_bomb_takes_much_memory_or_time() -> None:
    script = MEASURE.replace("BOMBS", repr(BOMBS))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    grown = json.loads(done.stdout)
    assert max(grown.values()) <= 150, grown  # of it up to 17 MB the bomb itself
