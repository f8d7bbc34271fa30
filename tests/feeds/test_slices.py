"""A feed of which only the new items are read says what the same feed says when all of it is read."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.common.errors import FeedError
from takefive.feeds.parse import parse_feed
from takefive.feeds.slices import mark_items, read_changes
from takefive.feeds.values import ParsedFeed

GOLDEN = Path(__file__).parent / "golden"
SOURCE = "https://show.example/feed.xml"
ITEMS = [f"<item><guid>{n}</guid><title>T{n}</title><link>/p/{n}</link></item>" for n in range(20)]


def rss(items: list[str], head: str = "<title>Show</title>", root: str = "<rss version='2.0'>") -> bytes:
    return f"{root}<channel>{head}{chr(10).join(items)}</channel></rss>".encode()


def read(data: bytes) -> ParsedFeed:
    feed = parse_feed(data, source=SOURCE)
    mark_items(feed, data)
    return feed


def marks(feed: ParsedFeed) -> set[int]:
    return {item.mark for item in feed.items if item.mark}


def agrees(changes: ParsedFeed, data: bytes) -> bool:
    """Whether the two readings say the same: of the show, of each new item, and of how many others there are."""
    whole = read(data)
    new = tuple(item for item in whole.items if item.mark not in changes.unchanged)
    places = tuple(f"item {n}:" for n, item in enumerate(whole.items, 1) if item.mark not in changes.unchanged)
    warnings = tuple(w for w in whole.warnings if w.startswith(places)) if places else ()
    return changes == replace(whole, items=new, unchanged=changes.unchanged, warnings=warnings) and (
        changes.unchanged <= marks(whole)
    )


def test_only_the_new_item_is_read() -> None:
    before = read(rss(ITEMS[1:]))
    after = read_changes(rss(ITEMS), marks(before), source=SOURCE)
    assert after is not None
    assert [item.guid for item in after.items] == ["0"]
    assert after.unchanged == marks(before)
    assert agrees(after, rss(ITEMS))


def test_an_item_that_was_edited_is_read_and_one_that_vanished_is_missed() -> None:
    before = read(rss(ITEMS))
    edited = [*ITEMS[:5], ITEMS[5].replace("T5", "Other"), *ITEMS[6:19]]
    after = read_changes(rss(edited), marks(before), source=SOURCE)
    assert after is not None
    assert [item.title for item in after.items] == ["Other"]
    assert marks(before) - after.unchanged == {before.items[5].mark, before.items[19].mark}


def test_what_the_show_says_is_always_read_anew() -> None:
    after = read_changes(rss(ITEMS, "<title>New name</title>"), marks(read(rss(ITEMS))), source=SOURCE)
    assert after is not None
    assert after.title == "New name"
    assert not after.items


@pytest.mark.parametrize(
    "other",
    [
        rss(ITEMS, root="<rss version='2.0' xmlns='urn:other'>"),
        rss(ITEMS, "<title>Show</title><link>https://elsewhere.example/</link>").replace(b"<rss", b"<rss a=''"),
    ],
)
def test_marks_hold_only_where_all_that_items_depend_on_is_the_same(other: bytes) -> None:
    assert read_changes(other, marks(read(rss(ITEMS))), source=SOURCE) is None


COMMENT = rss(ITEMS).replace(ITEMS[0].encode(), b"<!--" + ITEMS[0].encode()).replace(b"</channel>", b"--></channel>")
TRICKS = {
    "items in a comment": COMMENT,
    "items in a section": COMMENT.replace(b"<!--", b"<![CDATA[").replace(b"-->", b"]]>"),
    "not well-formed after the items": rss(ITEMS) + b"</rss>",
    "not well-formed before the items": rss(ITEMS, "<title>Q & A</title>"),
    "a new item not well-formed": rss([*ITEMS, "<item><title>Q & A</title></item>"]),
    "a new item that holds the next": rss(["<item><guid>x</guid>", *ITEMS]),
    "a section over two items": rss(["<item><title><![CDATA[</title></item>", *ITEMS, "<item>]]></title></item>"]),
    "words between items": rss([ITEMS[0], "words", *ITEMS[1:]]),
    "an element between items": rss([ITEMS[0], "<ttl>5</ttl>", *ITEMS[1:]]),
    "an empty item": rss(["<item />", *ITEMS]),
    "items behind the channel": rss(ITEMS).replace(b"</channel>", b"</channel><item><guid>z</guid></item>"),
    "a document type": b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss(ITEMS),
    "another charset": rss(["<item><title>Café</title></item>", *ITEMS]).decode().encode("latin-1"),
    "wide characters": rss(ITEMS).decode().encode("utf-16"),
    "no items": rss([]),
    "nothing": b"",
    "the place itself": rss(ITEMS, "<place-of-items/>"),
}


@pytest.mark.parametrize("name", TRICKS)
def test_what_cannot_be_cut_for_sure_is_read_whole(name: str) -> None:
    assert read_changes(TRICKS[name], marks(read(rss(ITEMS))), source=SOURCE) is None


def test_where_much_is_new_all_is_read() -> None:
    assert read_changes(rss(ITEMS), marks(read(rss(ITEMS[10:]))), source=SOURCE) is None


def test_an_atom_feed_is_cut_at_its_entries() -> None:
    entries = [f"<entry><id>{n}</id><title>T{n}</title></entry>" for n in range(10)]
    atom = ["<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>", *entries, "</feed>"]
    before = read("".join([atom[0], *atom[2:]]).encode())
    after = read_changes("".join(atom).encode(), marks(before), source=SOURCE)
    assert after is not None
    assert [item.guid for item in after.items] == ["0"]


@cache
def real(folder: Path) -> list[tuple[bytes, frozenset[int]]]:
    """Every real feed that can be cut, with its marks; the long ones only by their name's first letters."""
    found = []
    for path in sorted((folder / "feeds" / "real").glob("*")):
        data = path.read_bytes()
        feed = read(data)
        if marks(feed):
            found.append((data, frozenset(marks(feed))))
    return found


def test_most_real_feeds_can_be_cut_and_say_the_same(shared_data) -> None:
    cut = real(shared_data)
    assert len(cut) >= 35
    for data, known in cut:
        whole = read(data)
        if len(whole.items) < 4:
            continue
        for gone in (0, len(whole.items) // 2, len(whole.items) - 1):
            changes = read_changes(data, known - {whole.items[gone].mark}, source=SOURCE)
            assert changes is not None
            assert agrees(changes, data)


BITS = ("<item>", "</item>", "<![CDATA[", "]]>", "&", "<", "<!--", "-->", "'", "</channel>", "<entry>", "<guid>", "x")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage or honest change in one to five places, often near the marks of items."""
    text = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(text) + 1)
        if chance.random() < 0.5:
            at = max(0, text.find(chance.choice([b"<item", b"</item>", b"]]>", b"<entry"]), at))
        kind = chance.randrange(3)
        if kind == 0:
            text[at:at] = chance.choice(BITS).encode()
        elif kind == 1:
            del text[at : at + chance.choice([1, 5, 100])]
        else:
            again = chance.randrange(len(text) + 1)
            text[at:at] = text[again : again + chance.choice([5, 50, 2_000])]
    return bytes(text)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_feeds_are_read_as_ever(seed: int) -> None:
    chance = random.Random(seed)
    before = rss(ITEMS) if chance.random() < 0.5 else (GOLDEN / "full.xml").read_bytes()
    data = mutated(before, chance)
    with suppress(FeedError):
        changes = read_changes(data, marks(read(before)), source=SOURCE)
        assert changes is None or agrees(changes, data)


def test_damaged_real_feeds_are_read_as_ever(shared_data) -> None:
    small = [(data, known) for data, known in real(shared_data) if len(data) < 100_000]
    chance, read_in_part = random.Random(7), 0
    for _ in range(400):
        before, known = chance.choice(small)
        data = mutated(before, chance)
        changes = read_changes(data, known, source=SOURCE)
        if changes is not None:
            assert agrees(changes, data)
            read_in_part += 1
    assert read_in_part > 20
