"""Bytes of a feed to a `ParsedFeed`: RSS 2.0, Atom and RDF, as broken as they come. Pure.

What can be mended is mended, what cannot is left out, and both are told in `warnings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from urllib.parse import urlsplit

from lxml import etree

from takefive.common.errors import FeedError
from takefive.common.text import one_line, plain
from takefive.feeds.fields import Element, Fields, web_address, yes_or_no
from takefive.feeds.item import ItemReader
from takefive.feeds.names import Names
from takefive.feeds.podcasting import Persons, live_items, notices, opts_out, podroll
from takefive.feeds.values import MOST_SUMMARY, ParsedEpisode, ParsedFeed
from takefive.feeds.xml import Tree, markup, read_piece, read_tree

MOST_ITEMS = 20_000
_MOST_WARNINGS = 50
_MOST_RESCUED = 3_000
_ITEM_MARK = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
# Which elements may be one of these; `Names` decides. The last are those of a prefix that nobody declared.
_PARTS = ("{*}item", "{*}entry", "{*}channel", "{*}feed", "{*}rss:item", "{*}rss:channel", "{*}atom:entry")
_ABOUT = ("description", "subtitle", "itunes:summary", "tagline", "itunes:subtitle")
_MAIL_ADDRESS = re.compile(r"(mailto:)?[^\s<>()]+@[^\s<>()]+")
_ROOT_TAG = re.compile(r"<[^>]*>")


def parse_feed(data: bytes, *, source: str, content_type: str | None = None) -> ParsedFeed:
    """Read a feed. `source` is its address or file name; `content_type` the header, for its charset.

    Raises FeedError, with what it is instead, when there is no feed in the bytes; nothing else.
    """
    try:
        return _parse(read_tree(data, content_type), source)
    except UnicodeDecodeError as error:  # a recovering parser may leave bytes that are no text
        raise FeedError("no feed in it: characters that no text can hold") from error


def _parse(tree: Tree, source: str) -> ParsedFeed:
    names, warnings = Names(str(tree.root.tag)), tree.warnings
    channel, elements = _parts(tree.root, names)
    if channel is None:
        raise FeedError(f"no feed in it: its root is <{names[tree.root.tag][:40]}>")
    if tree.mended is not None:
        elements = _all_items(elements, tree.mended, names, warnings)
    base = _base(channel, names, source)
    reader = ItemReader(names, base)
    items = [reader.read(e, _warner(n, warnings)) for n, e in enumerate(elements[:MOST_ITEMS], 1)]
    if len(elements) > MOST_ITEMS:
        warnings.append(f"only the first {MOST_ITEMS:,} of {len(elements):,} items are read")
    return _feed(Fields(channel, names), names, base, source, tuple(items), warnings)


def _parts(root: Element, names: Names) -> tuple[Element | None, list[Element]]:
    """The element that describes the show, and those of the episodes, wherever broken nesting has put them."""
    for wanted in (_PARTS, (etree.Element,)):  # every element only where none has the usual name
        channel, items = None, []
        for element in root.iter(*wanted):
            name = names[element.tag]
            if name == "item" or name == "entry":
                items.append(element)
            elif channel is None and (name == "channel" or name == "feed"):
                channel = element
        if channel is not None and items:
            break
    return (root if channel is None and (items or names[root.tag] in ("rss", "rdf")) else channel), items


def _all_items(found: list[Element], text: str, names: Names, warnings: list[str]) -> list[Element]:
    """The items of the tree; those of the text, each on its own, where the tree has lost some."""
    marks = [m.start() for start, end in markup(text) for m in _ITEM_MARK.finditer(text, start, end)]
    if len(marks) <= len(found):
        return found
    warnings.append(f"{len(marks) - len(found)} items stand behind the place where the XML breaks; read one by one")
    marks = marks[:_MOST_RESCUED]
    head = _ROOT_TAG.match(text)
    opening = head[0].removesuffix("/>").removesuffix(">") + ">" if head else "<rss>"
    pieces = (read_piece(opening + text[start:end]) for start, end in pairwise([*marks, len(text)]))
    rescued = [item for piece in pieces if piece is not None and (item := _first_item(piece, names)) is not None]
    return rescued if len(rescued) > len(found) else found


def _first_item(piece: Element, names: Names) -> Element | None:
    return next((e for e in piece.iter(etree.Element) if names[e.tag] in ("item", "entry")), None)


def _warner(number: int, warnings: list[str]) -> Callable[[str], None]:
    def warn(text: str) -> None:
        if len(warnings) < _MOST_WARNINGS:
            warnings.append(f"item {number}: {text}")

    return warn


def _feed(
    fields: Fields, names: Names, base: str, source: str, items: tuple[ParsedEpisode, ...], warnings: list[str]
) -> ParsedFeed:
    links = {(e.get("rel") or "").lower(): e.get("href") for e in reversed(list(fields.all("link"))) if e.get("href")}
    plain_link = next((e.text for e in fields.all("link") if not e.get("href") and (e.text or "").strip()), None)
    language = " ".join(fields.text("language", "dc:language").split())[:20]
    return ParsedFeed(
        source=source,
        title=one_line(fields.text("title", "itunes:title", "dc:title")),
        link=web_address(plain_link or links.get("alternate") or links.get(""), base),
        description=plain(fields.text(*_ABOUT))[:MOST_SUMMARY],
        author=_author(fields),
        language=language or None,
        image=_image(fields, base),
        podcast_guid=fields.text("podcast:guid")[:100] or None,
        categories=tuple(dict.fromkeys(_categories(fields)))[:50],
        explicit=yes_or_no(fields.text("itunes:explicit", "googleplay:explicit")),
        blocked=_blocked(fields),
        locked=bool(yes_or_no(fields.text("podcast:locked"))),
        complete=bool(yes_or_no(fields.text("itunes:complete"))),
        new_feed_url=web_address(fields.text("itunes:new-feed-url"), base),
        hub_url=web_address(links.get("hub"), base),
        self_url=web_address(links.get("self"), base),
        next_url=web_address(links.get("next"), base),
        medium=fields.text("podcast:medium")[:30] or "podcast",
        kind="serial" if fields.text("itunes:type").lower() == "serial" else "episodic",
        persons=Persons(base)(fields),
        podroll=podroll(fields, names, base),
        live=live_items(fields, names),
        notices=notices(fields),
        opt_out=opts_out(fields),
        items=items,
        warnings=tuple(warnings),
    )


def _base(channel: Element, names: Names, source: str) -> str:
    """What relative addresses are relative to: `xml:base`, the feed's own address, the show's page."""
    fields = Fields(channel, names)
    said = channel.get("{http://www.w3.org/XML/1998/namespace}base")
    own = next((e.get("href") for e in fields.all("link") if e.get("rel") == "self"), None)
    page = fields.first("link") or next((e.get("href") for e in fields.all("link") if e.get("href")), None)
    absolute = source if urlsplit(source).scheme in ("http", "https") else None
    return next((u for u in (said, absolute, own, page) if web_address(u)), "") or ""


def _author(fields: Fields) -> str | None:
    """Who makes the show; never a mail address, which stands in feeds for machines."""
    for element in fields.all(
        "itunes:author", "googleplay:author", "author", "dc:creator", "managingeditor", "itunes:owner"
    ):
        name = (
            next((c.text for c in element if isinstance(c.tag, str) and c.tag.endswith("name")), None) or element.text
        )
        if line := _MAIL_ADDRESS.sub("", one_line(name or "", 200)).strip(" ()<>,"):
            return line
    return None


def _image(fields: Fields, base: str) -> str | None:
    for element in fields.all("itunes:image", "image", "googleplay:image", "logo", "media:thumbnail", "icon"):
        inside = next((c.text for c in element if isinstance(c.tag, str) and c.tag.endswith("url")), None)
        if url := web_address(element.get("href") or inside or element.get("url") or element.text, base):
            return url
    return None


def _categories(fields: Fields) -> Iterable[str]:
    """The `itunes:category` tree as "Society & Culture", "Society & Culture/Documentary"; then plain categories."""
    for element in fields.all("itunes:category"):
        over = one_line(element.get("text") or element.text or "", 100)
        if over:
            yield over
        yield from (f"{over}/{under}" for c in element if (under := one_line(c.get("text") or "", 100)))
    for element in fields.all("googleplay:category", "category", "media:category"):
        if name := one_line(element.get("text") or element.get("term") or element.text or "", 100):
            yield name


def _blocked(fields: Fields) -> bool:
    """The publisher's word that the show must not be listed: `itunes:block`, or `podcast:block` for everybody."""
    everybody = any(yes_or_no(e.text or "") for e in fields.all("podcast:block") if not e.get("id"))
    return everybody or bool(yes_or_no(fields.text("itunes:block", "googleplay:block")))
