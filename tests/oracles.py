"""What feedparser, podcastparser and we read from a feed, in one shape that can be compared field by field."""

from __future__ import annotations

import io
from calendar import timegm
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from html import unescape
from itertools import chain
from typing import Any, NamedTuple

import feedparser
import podcastparser

from takefive.feeds.dates import read_duration
from takefive.feeds.parse import parse_feed

Values = dict[str, object]  # the name of a field -> what is said there, None where nothing is
Reading = tuple[Values, list[Values]]  # of the feed, of each item


class Difference(NamedTuple):
    """A field that two read differently: of an item "item.title", of the feed "title". Both values as text, "" for none."""

    field: str
    ours: str
    theirs: str


ADDRESS = "https://feeds.example/feed.xml"  # relative addresses are relative to it


def ours(data: bytes) -> Reading:
    """By `parse_feed`."""
    feed = parse_feed(data, source=ADDRESS)
    show: Values = {name: getattr(feed, name) for name in ("title", "link", "language", "image")}
    return show, [
        {
            "guid": item.guid,
            "title": item.title,
            "link": item.link,
            "published": item.published and int(item.published.timestamp()),
            "audio_url": item.audio_url,
            "audio_type": item.audio_type,
            "audio_bytes": item.audio_bytes,
            "duration": item.duration and int(item.duration),
            "season": item.season,
            "number": item.number,
        }
        for item in feed.items
    ]


def by_feedparser(data: bytes) -> Reading:
    """Durations and lengths, which it leaves as they were written, are read as numbers."""
    read = feedparser.parse(
        data, sanitize_html=False, resolve_relative_uris=False, response_headers={"content-location": ADDRESS}
    )
    feed = read.feed
    show: Values = {name: feed.get(name) for name in ("title", "link", "language")}
    return show | {"image": feed.get("image", {}).get("href")}, [_entry(entry) for entry in read.entries]


def _entry(entry: feedparser.FeedParserDict) -> Values:
    audio: dict[str, str] = next(iter(entry.get("enclosures", [])), {})
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    duration = read_duration(entry.get("itunes_duration") or "")
    return {
        "guid": entry.get("id"),
        "title": entry.get("title"),
        "link": entry.get("link"),
        "published": moment and timegm(moment),
        "audio_url": audio.get("href"),
        "audio_type": audio.get("type"),
        "audio_bytes": _whole(audio.get("length")),
        "duration": duration and int(duration),
        "season": _whole(entry.get("itunes_season")),
        "number": _whole(entry.get("itunes_episode")),
    }


def by_podcastparser(data: bytes) -> Reading | None:
    """None where it refuses the feed, as it does all that are not well-formed."""
    try:
        read = podcastparser.parse(ADDRESS, io.BytesIO(data))
    except podcastparser.FeedParseError:
        return None
    show: Values = {name: read.get(name) for name in ("title", "link", "language")}
    return show | {"image": read.get("cover_url")}, [_episode(episode) for episode in read["episodes"]]


def _episode(episode: dict[str, Any]) -> Values:
    audio: dict[str, Any] = next(iter(episode["enclosures"]), {})
    return {
        "guid": episode["guid"],
        "title": episode["title"],
        "link": episode["link"],
        "published": episode["published"],
        "audio_url": audio.get("url"),
        "audio_type": audio.get("mime_type"),
        "audio_bytes": audio.get("file_size"),
        "duration": episode["total_time"],
        "season": episode.get("season"),
        "number": episode.get("number"),
    }


def differences(mine: Reading, other: Reading) -> Iterator[Difference]:
    """Each field that the two read differently; "items" where they count them differently."""
    yield from _compared("", mine[0], other[0])
    if len(mine[1]) != len(other[1]):
        yield Difference("items", str(len(mine[1])), str(len(other[1])))
    for one, two in pairs(mine[1], other[1]):
        yield from _compared("item.", one, two)


def pairs(mine: list[Values], other: list[Values]) -> Iterator[tuple[Values, Values]]:
    """The same items of both, which have orders of their own: by GUID, else by audio, else as they stand."""
    for key in ("guid", "audio_url"):
        waiting = defaultdict[str, deque[Values]](deque)
        for values in mine:
            waiting[_normal(values[key])].append(values)
        unmatched = []
        for values in other:
            name = _normal(values[key])
            if name and waiting[name]:
                yield waiting[name].popleft(), values
            else:
                unmatched.append(values)
        left = {id(values) for values in chain(*waiting.values())}
        mine, other = [values for values in mine if id(values) in left], unmatched
    yield from zip(mine, other, strict=False)


def _compared(prefix: str, mine: Values, other: Values) -> Iterator[Difference]:
    for name, value in other.items():
        one, two = _normal(mine[name]), _normal(value)
        if one != two:
            yield Difference(prefix + name, one, two)


def _normal(value: object) -> str:
    """White space folded and entities resolved, as nobody means anything by them; "" for nothing, a zero or -1."""
    text = " ".join(unescape(str(value or "")).split())
    return "" if text == "-1" else text


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip().isascii() and text.strip().isdigit() else None


ORACLES: dict[str, Callable[[bytes], Reading | None]] = {"feedparser": by_feedparser, "podcastparser": by_podcastparser}


def said(reading: Reading) -> int:
    """How many fields of a feed and its items have a value."""
    return sum(bool(_normal(value)) for values in (reading[0], *reading[1]) for value in values.values())
