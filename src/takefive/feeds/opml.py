"""Lists of subscriptions: every flavour of OPML to addresses, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from takefive.common.text import one_line
from takefive.feeds.fields import web_address
from takefive.feeds.xml import read_outline

MOST_FEEDS = 50_000
_ADDRESS_NAMES = ("xmlurl", "feedurl", "url")
_FEED_SCHEMES = (
    "feed:https://",
    "feed:http://",
    "feed://",
    "itpc://",
    "pcast://",
    "podcast://",
    "itms-pcast://",
    "pktc://",
)


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One subscription. `title` may be empty."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """One entry that gave no subscription, and why, for a person."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class OpmlReport:
    """All that a list held, in its order; an address that stands in it twice is here twice."""

    feeds: tuple[OpmlFeed, ...]
    skipped: tuple[Skipped, ...]


def parse_opml(data: bytes) -> OpmlReport:
    """Read a list of subscriptions, nested or flat. Raises FeedError where the bytes are no OPML."""
    feeds: list[OpmlFeed] = []
    skipped: list[Skipped] = []
    for outline in read_outline(data):
        said = _attributes(outline)
        title = one_line(said.get("text") or said.get("title") or "", 300)
        address = _address(said)
        if address is None:
            if not len(outline):  # else a folder
                skipped.append(Skipped(title or "an entry without a name", "it has no address of a feed"))
        elif (url := web_address(_http(address))) is None:
            skipped.append(Skipped(title or address[:80], f"{address[:80]!r} is not an http or https address"))
        elif len(feeds) >= MOST_FEEDS:
            skipped.append(Skipped(title or url, f"only the first {MOST_FEEDS:,} are taken"))
        else:
            feeds.append(OpmlFeed(url, title))
    return OpmlReport(tuple(feeds), tuple(skipped))


def write_opml(feeds: Iterable[OpmlFeed], *, title: str = "Podcasts in Takefive") -> bytes:
    """A list that every podcast app reads."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = one_line(feed.title, 300) or feed.url
        etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _attributes(outline: etree._Element) -> dict[str, str]:
    """Names in lower case: "xmlUrl", "xmlurl" and "xmlURL" are all in use."""
    return {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}


def _address(said: dict[str, str]) -> str | None:
    for name in _ADDRESS_NAMES[:2]:
        if said.get(name):
            return said[name]
    # "url" is a feed's address only where the entry says that it is a feed.
    return said.get("url") if said.get("type", "").lower() in ("rss", "atom", "podcast", "pie") else None


def _http(address: str) -> str:
    for scheme in _FEED_SCHEMES:
        if address.lower().startswith(scheme):
            return ("https://" if "https" in scheme else "http://") + address[len(scheme) :]
    return address
