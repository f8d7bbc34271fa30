"""Is every feed read, and is every episode known again? Real feeds, beside feedparser and podcastparser in the same run.

    python evals/feeds.py read --data DIR          DIR holds real/*.xml and other folders of feeds, manifest.jsonl beside them
    python evals/feeds.py identity --data DIR      what publishers change, done to every real feed: episodes doubled or lost
    python evals/feeds.py fuzz --data DIR --seconds 60   the feeds with random damage: crashes, slowest, memory

`read` compares field by field with feedparser, the most complete parser there is. Known reasons for a difference: a picture is
an enclosure to it, it looks for audio neither in `media:content` nor in `podcast:alternateEnclosure`, and it
keeps relative addresses.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import time
from calendar import timegm
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import podcastparser

from takefive.common.errors import FeedError
from takefive.common.text import one_line
from takefive.episodes.reconcile import KnownEpisode, digest, reconcile
from takefive.feeds.dates import read_duration
from takefive.feeds.parse import parse_feed
from takefive.feeds.values import ParsedEpisode, ParsedFeed


def files(data: Path) -> list[Path]:
    return sorted(p for p in data.glob("*/*") if p.suffix in (".xml", ".rss"))


def words(text: str | None) -> str:
    return " ".join((text or "").split())


# read


def read(data: Path) -> None:
    rows = {r["file"]: r for r in map(json.loads, (data / "manifest.jsonl").read_text().splitlines())}
    count: Counter[str] = Counter()
    for path in files(data):
        name, raw = f"{path.parent.name}/{path.name}", path.read_bytes()
        count["files"] += 1
        feed = _parsed(raw, name)
        count["answered"] += feed is not None
        if feed is not None and name.startswith("real/"):
            wanted = rows[name]["feedparser_entries"]
            count["real feeds"] += 1
            count["items wanted"] += wanted
            count["items found"] += min(wanted, len(feed.items))
            count["items extra"] += max(0, len(feed.items) - wanted)
            count["podcastparser raises"] += _raises(raw)
            count.update(differences(feed, feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)))
    print("| what | count |\n|---|---|")
    for what, number in count.items():
        print(f"| {what} | {number:,} |")


def _parsed(raw: bytes, name: str) -> ParsedFeed | None:
    try:
        return parse_feed(raw, source=name)
    except FeedError as error:
        print(f"{name}: {error}")
        return None


def _raises(raw: bytes) -> bool:
    try:
        podcastparser.parse("https://example.org/feed", io.BytesIO(raw))
    except Exception:
        return True
    return False


def differences(ours: ParsedFeed, theirs: feedparser.FeedParserDict) -> Iterator[str]:
    """Fields that feedparser has and that we read in another way, one word for each."""
    for mine, other in zip(ours.items, theirs.entries, strict=False):
        stamp = other.get("published_parsed") or other.get("updated_parsed")
        audio = [words(e.get("href")) for e in other.get("enclosures", []) if e.get("href")]
        same = {
            "guid": not other.get("id") or words(other.id) == mine.guid,
            "title": not other.get("title") or one_line(other.title) == mine.title,
            "link": not other.get("link") or words(other.link) == words(mine.link),
            "date": not stamp or mine.published == datetime.fromtimestamp(timegm(stamp), UTC),
            "audio": not audio or words(mine.audio_url) in audio,
            "duration": not (d := other.get("itunes_duration")) or read_duration(d) == mine.duration,
            "explicit": other.get("itunes_explicit") in (None, mine.explicit),
        }
        yield from (f"differs from feedparser: {field}" for field, equal in same.items() if not equal)


# identity

Change = Callable[[ParsedEpisode, int], ParsedEpisode]
CHANGES: dict[str, Change] = {
    "GUIDs": lambda i, n: replace(i, guid=f"new-{n}"),
    "titles": lambda i, _: replace(i, title=f"{i.title} (updated)"),
    "trackers": lambda i, _: replace(i, audio_url=i.audio_url and i.audio_url.replace("://", "://pdst.fm/e/", 1)),
    "host": lambda i, n: replace(i, audio_url=i.audio_url and f"https://new.example/a/{n}.mp3"),
    "dates, by hours": lambda i, _: replace(i, published=i.published and i.published + timedelta(hours=9)),
    "host and GUIDs": lambda i, n: replace(
        i, guid=f"new-{n}", audio_url=i.audio_url and f"https://new.example/{n}.mp3"
    ),
    "host, GUIDs and titles": lambda i, n: replace(
        i, guid=f"new-{n}", title=f"{n}: {i.title}", audio_url=i.audio_url and f"https://new.example/{n}.mp3"
    ),
}


def identity(data: Path) -> None:
    feeds = [f for p in files(data) if p.parent.name == "real" and (f := _parsed(p.read_bytes(), p.name)) and f.items]
    print("| changed in all items | episodes | doubled | lost |\n|---|---|---|---|")
    for name, change in CHANGES.items():
        total = doubled = lost = 0
        for feed in feeds:
            first = reconcile([], feed).new
            known = [KnownEpisode(n, i.guid, i.title, i.audio_url, i.published, digest(i)) for n, i in enumerate(first)]
            changes = reconcile(known, replace(feed, items=tuple(change(i, n) for n, i in enumerate(first))))
            total, doubled, lost = total + len(first), doubled + len(changes.new), lost + len(changes.missing)
        print(f"| {name} | {total:,} | {doubled:,} | {lost:,} |")


# fuzz

_BITS = """<item> </item> <![CDATA[ ]]> & < > &#0; &#x1F; <!-- --> &a; &nbsp; &#xD800; xmlns="" itunes: " ' <channel> </rss> =
<rss> <pubDate> -1 99999999999999999999 encoding="shift_jis" <!DOCTYPE"""
BITS = [*_BITS.split(), "\0", "\ud800", "\u202e", "\ufeff"]


def damaged(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.choice([1, 1, 2, 5, 20, 100])):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            data[at:at] = chance.choice(BITS).encode("utf-8", "surrogatepass")
        elif kind == 2:
            del data[at : at + chance.choice([1, 3, 20, 500])]
        elif kind == 3:
            again = chance.randrange(len(data) + 1)
            data[at:at] = data[again : again + chance.choice([5, 50, 2_000])]
        else:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice([1, 4])))
    return bytes(data)


def fuzz(data: Path, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    raws = [raw for p in files(data) if len(raw := p.read_bytes()) < 120_000]
    count: Counter[str] = Counter()
    slowest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        raw = damaged(chance.choice(raws), chance)
        began = time.process_time()
        try:
            feed = parse_feed(
                raw, source="https://example.org/feed", content_type=chance.choice([None, "text/xml; charset=rot13"])
            )
            "".join(i.title + i.description + i.summary + i.guid for i in feed.items).encode()
            count["a feed"] += 1
        except FeedError:
            count["a clear error"] += 1
        except Exception as error:
            count[f"CRASH {type(error).__name__}"] += 1
            Path(f"crash-{seed}-{sum(count.values())}.xml").write_bytes(raw)
        slowest = max(slowest, time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{sum(count.values()):,} damaged feeds: {dict(count)}; slowest {slowest:.2f} s of CPU; peak {peak} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["read", "identity", "fuzz"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    if said.what == "fuzz":
        fuzz(said.data, said.seconds, said.seed)
    else:
        {"read": read, "identity": identity}[said.what](said.data)


if __name__ == "__main__":
    main()
