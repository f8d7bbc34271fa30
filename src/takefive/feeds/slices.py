"""A feed that is known but for an item or two: the bytes are cut between its items, and only new pieces are read. Pure.

Of a feed of 300 episodes with one new one the other 299 stand in it byte for byte as they stood at the last poll. Each
item gets a mark, a hash of its bytes and of all that its meaning depends on. An item whose mark is known is not read.

Why the outcome is that of reading it all: the marks are those of a document that was well-formed; the rest of this one
is, with an element in the place of the items; each new piece is, and holds one item; between the items stands nothing.
So the whole is well-formed and has these items. Wherever one of this does not hold the answer is None: read it all.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256

from lxml import etree

from takefive.feeds.item import ItemReader
from takefive.feeds.names import Names
from takefive.feeds.parse import MOST_ITEMS, find_parts
from takefive.feeds.show import find_base, read_show
from takefive.feeds.values import ParsedFeed
from takefive.feeds.xml import MOST_BYTES, after_prologue, read_strictly

_VERSION = b"2"  # another number whenever items are read in another way, so that no old mark is known any more
_OPENING = re.compile(rb"<(rss|feed)(?:\s[^>]*)?>\s*(?:<channel(?:\s[^>]*)?>)?")
_PLACE = b"<place-of-items/>"
_MOST_AROUND = 150_000  # bytes before and behind the items, which are read at each poll
_MOST_NEW = 0.25  # of the items: where more are new, reading all in one go is as fast


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document in pieces. `frame` is the start and the end that each item needs around it to be read on its own."""

    channel: etree._Element
    names: Names
    base: str
    frame: tuple[bytes, bytes]
    items: list[bytes]
    marks: list[int]


def mark_items(feed: ParsedFeed, data: bytes) -> None:
    """Give the items of a feed that was just read from these bytes their marks, where it can be cut cleanly."""
    cut = _cut(data, feed.source)
    if cut is not None and len(cut.marks) == len(feed.items):
        for item, mark in zip(feed.items, cut.marks, strict=True):
            item.mark = mark


def read_changes(data: bytes, known: Container[int], *, source: str) -> ParsedFeed | None:
    """The feed with only those items whose marks are not `known`; the others' marks are in `unchanged`.

    None where all of it must be read: much is new, it is not plainly well-formed, or its items cannot be told apart.
    """
    cut = _cut(data, source)
    if cut is None:
        return None
    new = [n for n, mark in enumerate(cut.marks) if mark not in known]
    if len(new) > len(cut.items) * _MOST_NEW:
        return None
    names, warnings, items = cut.names, list[str](), []
    reader = ItemReader(names, cut.base, warnings)
    for number in new:
        element = _one_item(cut.frame[0] + cut.items[number] + cut.frame[1], names)
        if element is None:
            return None
        item = reader.read(element, number + 1)
        item.mark = cut.marks[number]
        items.append(item)
    unchanged = frozenset(cut.marks) - {item.mark for item in items}
    return read_show(cut.channel, names, cut.base, source=source, items=items, warnings=warnings, unchanged=unchanged)


def _cut(data: bytes, source: str) -> _Cut | None:
    data = after_prologue(data) or b""
    opening = _OPENING.match(data)
    if opening is None or len(data) > MOST_BYTES:
        return None
    name = b"item" if opening[1] == b"rss" else b"entry"
    start, end, items = _pieces(data, name)
    if not items or len(data) - (end - start) > _MOST_AROUND:
        return None
    head = read_strictly(data[:start] + _PLACE + data[end:])
    if head is None:
        return None
    names = Names(str(head.tag))
    channel, others = find_parts(head, names)
    places = list(head.iter("{*}" + _PLACE[1:-2].decode()))
    if channel is None or others or [place.getparent() for place in places] != [channel]:
        return None
    base = find_base(channel, names, source)
    context = _hash(b"\0".join((_VERSION, opening[0], base.encode("utf-8", "replace"))))
    closing = b"</feed>" if name == b"entry" else b"</channel></rss>" if b"<channel" in opening[0] else b"</rss>"
    return _Cut(channel, names, base, (opening[0], closing), items, [context ^ _hash(item) for item in items])


def _pieces(data: bytes, name: bytes) -> tuple[int, int, list[bytes]]:
    """Where the items start and end, and each of them; none where anything but space stands between them."""
    next_one, closing = re.compile(rb"\s*<" + name + rb"(?=[\s>])"), b"</" + name + b">"
    first = data.find(b"<" + name)
    opening = next_one.match(data, first) if first >= 0 else None
    items: list[bytes] = []
    end = first
    while opening is not None:
        start = opening.end() - len(name) - 1
        end = data.find(closing, start) + len(closing)
        if end < start or len(items) == MOST_ITEMS:
            return 0, 0, []
        items.append(data[start:end])
        opening = next_one.match(data, end)
    return first, end, [] if data.find(b"<" + name, end) >= 0 else items


def _hash(data: bytes) -> int:
    return int.from_bytes(sha256(data).digest()[:8], "little", signed=True)


def _one_item(document: bytes, names: Names) -> etree._Element | None:
    root = read_strictly(document)
    items = [] if root is None else find_parts(root, names)[1]
    return items[0] if len(items) == 1 else None
