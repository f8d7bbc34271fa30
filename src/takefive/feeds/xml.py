"""Bytes that somebody serves as a feed, to a tree. Mends what feeds have broken; expands no entity, loads nothing.

Everything before the root is cut off, and with it every document type: there is nothing left that could expand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from takefive.common.errors import FeedError
from takefive.feeds.charset import decoded

MOST_BYTES, MOST_BROKEN = 5_000_000, 2_500_000  # the longest of 107 real feeds has 2.7 MB; mending needs copies
_MOST_NODES, _STEP, _SMALL = 110_000, 50_000, 500_000
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:<[?!][^>]*>\s*)*(?:<!DOCTYPE.*)?\Z", re.IGNORECASE | re.DOTALL)
_PLAIN_START = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^>]{0,100}?(?:encoding\s*=\s*["']utf-?8["'][^>]{0,40})?\?>)?"""
    rb"""(?:\s+|<!--(?:(?!-->)[^<]){0,2000}-->|<\?xml-stylesheet[^>]{0,400}\?>)*(?=<(?:rss|feed|rdf:RDF)[\s>])""",
    re.IGNORECASE,
)
_LOOSE_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
# What XML 1.0 cannot hold: control characters, halves of surrogate pairs, non-characters.
_UNXML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMP = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{2,31};)?")
_NUMBER = re.compile(r"&#([0-9]{1,12}|[xX][0-9a-fA-F]{1,9});")
_NO_TAG = re.compile(r"<!\[CDATA\[|<(?![/?a-zA-Z_])")
_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_CLOSING = {"<![CDATA[": "]]>", "<!--": "-->"}
_XML_OWN = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


@dataclass(frozen=True, slots=True)
class Tree:
    """A document that was read. `mended` is the text that was parsed after all, where it was not well-formed."""

    root: etree._Element
    mended: str | None
    warnings: list[str]


def read_tree(data: bytes, content_type: str | None = None) -> Tree:
    """Bytes of a feed to a tree. Raises FeedError where there is no feed in them."""
    warnings: list[str] = []
    data = _bounded(data, MOST_BYTES, warnings)
    root = _read_at_once(data)
    if root is not None:
        return Tree(root, None, warnings)
    text = _from_root(decoded(_bounded(data, MOST_BROKEN, warnings), content_type, warnings), warnings)
    if _UNXML.search(text):
        warnings.append("control characters left out")
        text = _UNXML.sub("", text)
    try:
        return Tree(etree.fromstring(text.encode(), _parser(recover=False)), None, warnings)
    except (etree.XMLSyntaxError, ValueError) as error:
        warnings.append(f"not well-formed XML: {_shown(error)}")
    text = _mended(text)
    root = read_piece(text)
    if root is None:
        raise FeedError("no feed in it: nothing of the XML can be read")
    return Tree(root, text, warnings)


def _bounded(data: bytes, most: int, warnings: list[str]) -> bytes:
    """As much of the document as we have memory for: a tree takes 120 bytes for an element of four, 200 for an attribute.

    Real feeds have at most 38,000 of both in a megabyte. Feeds stand newest first, so what is cut off is old.
    """
    if len(data) <= _SMALL or (len(data) <= most and _has_few_nodes(data)):
        return data
    end, tags, attributes = min(len(data), most), 0, 0
    for start in range(0, end, _STEP):
        tags += data.count(b"<", start, start + _STEP)
        attributes += data.count(b'="', start, start + _STEP) + data.count(b"='", start, start + _STEP)
        if tags + attributes > _MOST_NODES or attributes > 4 * tags + _STEP // 20:
            end = min(end, start + _STEP)
            break
    if end < len(data):
        warnings.append(f"only the first {end / 1e6:.1f} MB are read")
        last = data.rfind(b"</item>", 0, end) + 7  # no half an item
        return data[:last] + b"</channel></rss>" if last > 7 else data[:end]
    return data


def _has_few_nodes(data: bytes) -> bool:
    """Whether it surely has few: to count the signs that every one of them needs takes a tenth of counting them."""
    tags, at_most = data.count(b"<"), data.count(b"=")
    return tags + at_most <= _MOST_NODES and at_most <= 4 * tags + _STEP // 20


def _read_at_once(data: bytes) -> etree._Element | None:
    """The short way, for the nine feeds of ten that are well-formed UTF-8: no copy of the text, no search through it."""
    rest = after_prologue(data)
    return None if rest is None else read_strictly(rest)


def after_prologue(data: bytes) -> bytes | None:
    """The document from its root on, where it is plain UTF-8 with no document type; else None."""
    start = _PLAIN_START.match(data)
    return None if start is None else data[start.end() :]


def read_strictly(data: bytes) -> etree._Element | None:
    """The root of a well-formed UTF-8 document that starts with it; None for any other."""
    try:
        return etree.fromstring(data, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_outline(data: bytes) -> Iterable[etree._Element]:
    """Every `outline` of an OPML document in its order. Raises FeedError where there is no OPML."""
    text = _UNXML.sub("", decoded(data, None, []))
    start = text.lower().find("<opml")
    if start < 0:
        raise FeedError("no list of podcasts in it: it is not OPML")
    root = read_piece(_mended(text[start:]))
    elements = () if root is None else root.iter(etree.Element)
    return (e for e in elements if isinstance(e.tag, str) and e.tag.lower() == "outline")


def read_piece(text: str) -> etree._Element | None:
    """A piece of a mended document on its own; None where nothing can be read."""
    try:
        return etree.fromstring(text.encode(), _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parser(*, recover: bool) -> etree.XMLParser:
    # huge_tree lifts the limits on one text, not those on expansion; the caller has bounded the bytes already,
    # and depth stays bounded because nothing here or in lxml recurses over the tree.
    return etree.XMLParser(
        recover=recover, huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, collect_ids=False, encoding="utf-8",
    )  # fmt: skip


def markup(text: str) -> Iterable[tuple[int, int]]:
    """Where markup stands: start and end of all that is in no CDATA section and no comment.

    Linear in the text, also where a thousand sections are opened and none is closed, which no regular expression is.
    """
    start = look = 0
    endless: set[str] = set()
    while opening := _OPENING.search(text, look):
        kind, look = opening[0], opening.end()
        if kind in endless:
            continue
        end = text.find(_CLOSING[kind], look)
        if end < 0:
            endless.add(kind)
            continue
        yield start, opening.start()
        start = look = end + 3
    yield start, len(text)


def _from_root(text: str, warnings: list[str]) -> str:
    root = next((m for start, end in markup(text) if (m := _ROOT.search(text, start, end))), None)
    if root is None:
        loose = _LOOSE_ROOT.search(text)
        if loose is None:
            raise FeedError(_what_instead(text))
        warnings.append("no root element")
        return f"<rss><channel>{text[loose.start() :]}</channel></rss>"
    before = "".join(text[start:end] for start, end in markup(text[: root.start()]))
    if not _PROLOGUE.match(before):
        warnings.append("text before the feed left out")
    return text[root.start() :]


def _what_instead(text: str) -> str:
    start = text.lstrip()[:200].lower()
    if not start:
        return "no feed in it: it is empty"
    if start.startswith("{"):
        return "no feed in it: it is JSON, not RSS or Atom"
    if "<html" in start or "<!doctype html" in start:
        return (
            "no feed in it: it is a web page; give the address of the page to `takefive add`, which looks for its feed"
        )
    return "no feed in it: neither RSS nor Atom"


def _mended(text: str) -> str:
    """What a recovering parser would lose: bare ampersands, HTML's entities, a "<" that starts no tag."""
    # In CDATA sections too: where the XML is broken, the parser and we may not agree on what is one.
    text = _NUMBER.sub(_sound, text)
    pieces, done = [], 0
    for start, end in markup(text):
        pieces.append(text[done:start])
        piece = _AMP.sub(_reference, text[start:end])
        pieces.append(_NO_TAG.sub(lambda m: "" if len(m[0]) > 1 else "&lt;", piece))
        done = end
    return "".join(pieces)


def _sound(match: re.Match[str]) -> str:
    """A numeric reference to a character that XML can hold; nothing for any other."""
    number = int(match[1][1:], 16) if match[1][0] in "xX" else int(match[1])
    return match[0] if number < 0x110000 and not _UNXML.match(chr(number)) else ""


def _reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_OWN or name.startswith("#"):
        return match[0]
    known = html5.get(name)
    return known if known is not None else f"&amp;{name}"


def _shown(error: Exception) -> str:
    return " ".join(str(error).split())[:150]
