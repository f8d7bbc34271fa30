"""Bytes of a feed to a `ParsedFeed`: RSS 2.0, Atom and RDF, as broken as they come. Pure.

What can be mended is mended, what cannot is left out, and both are told in `warnings`.
"""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import etree

from takefive.common.errors import FeedError
from takefive.feeds.fields import Element
from takefive.feeds.item import ItemReader
from takefive.feeds.names import Names
from takefive.feeds.show import find_base, read_show
from takefive.feeds.values import ParsedFeed
from takefive.feeds.xml import Tree, markup, read_piece, read_tree

MOST_ITEMS = 20_000
_MOST_RESCUED = 3_000
_ITEM_MARK = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
# Which elements may be one of these; `Names` decides. The last are those of a prefix that nobody declared.
_PARTS = ("{*}item", "{*}entry", "{*}channel", "{*}feed", "{*}rss:item", "{*}rss:channel", "{*}atom:entry")
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
    channel, elements = find_parts(tree.root, names)
    if channel is None:
        raise FeedError(f"no feed in it: its root is <{names[tree.root.tag][:40]}>")
    if tree.mended is not None:
        elements = _all_items(elements, tree.mended, names, warnings)
    base = find_base(channel, names, source)
    reader = ItemReader(names, base, warnings)
    items = [reader.read(element, number) for number, element in enumerate(elements[:MOST_ITEMS], 1)]
    if len(elements) > MOST_ITEMS:
        warnings.append(f"only the first {MOST_ITEMS:,} items are read")
    return read_show(channel, names, base, source=source, items=items, warnings=warnings)


def find_parts(root: Element, names: Names) -> tuple[Element | None, list[Element]]:
    """The element that describes the show, and those of the episodes, wherever broken nesting has put them.

    At most one episode more than are read.
    """
    for wanted in (_PARTS, (etree.Element,)):  # every element only where none has the usual name
        channel, items = None, list[Element]()
        for element in root.iter(*wanted):
            name = names[element.tag]
            if name == "item" or name == "entry":
                if len(items) <= MOST_ITEMS:
                    items.append(element)
            elif channel is None and (name == "channel" or name == "feed"):
                channel = element
        if channel is not None and items:
            break
    return (root if channel is None and (items or names[root.tag] in ("rss", "rdf")) else channel), items


def _all_items(found: list[Element], text: str, names: Names, warnings: list[str]) -> list[Element]:
    """The items of the tree; those of the text, each on its own, where the tree has lost some."""
    if len(found) > MOST_ITEMS:
        return found
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
