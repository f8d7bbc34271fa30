"""The children of an element by name, and the small values in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from lxml import etree

from takefive.feeds.names import Names

Element = etree._Element

MOST_URL, MOST_LINKS, MOST_TEXT = 4_000, 30, 200_000
# What nearly all addresses look like, so that only odd ones take the long way.
PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!#-;=?-~]{0,3000})?")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
# Elements that have more to say than a text. Of any other the first text is all that is kept.
_WHOLE = frozenset((
    "link", "guid", "enclosure", "category", "author", "image", "logo", "icon", "managingeditor", "dc:creator",
    "itunes:author", "itunes:category", "itunes:image", "itunes:owner", "googleplay:author", "googleplay:category",
    "googleplay:image", "media:category", "media:content", "media:group", "media:thumbnail", "psc:chapters",
    "podcast:alternateenclosure", "podcast:block", "podcast:chapters", "podcast:liveitem", "podcast:person",
    "podcast:podroll", "podcast:soundbite", "podcast:transcript", "podcast:txt", "access:restriction", "xhtml:meta",
))  # fmt: skip
_NEVER = frozenset('"<>')  # in a relative address: markup that somebody broke
_FOLDS = re.compile(r"[\r\n\t]+\s*")


class Fields:
    """The children of one element by canonical name: its first text that is not empty; those of `_WHOLE` in full.

    Of one name at most as many elements are kept as anybody needs.
    """

    __slots__ = ("found", "texts")

    def __init__(self, element: Element, names: Names) -> None:
        self.found: dict[str, list[Element]] = {}
        self.texts: dict[str, str] = {}
        found, texts, whole = self.found, self.texts, _WHOLE
        for child in element:  # this loop runs for every element of every feed
            name = names[child.tag]
            if name in whole:
                if name not in found:
                    found[name] = [child]
                elif len(found[name]) < MOST_LINKS:
                    found[name].append(child)
            elif name and name not in texts:
                text = inner(child) if len(child) else child.text
                if text and (text := text.strip()):
                    texts[name] = text

    def each(self, name: str) -> Sequence[Element]:
        """The elements of a name that `_WHOLE` has."""
        return self.found.get(name, ())

    def all(self, *wanted: str) -> list[Element]:
        """The elements of these names, which `_WHOLE` has, one name after the other."""
        found = self.found
        return [e for name in wanted if name in found for e in found[name]]

    def first(self, name: str) -> str:
        """The first text that is not empty of elements of a name that `_WHOLE` has."""
        for element in self.found.get(name, ()):
            if text := _text(element):
                return text
        return ""

    def text(self, *wanted: str) -> str:
        """The first text that is not empty, by the order of the names, which `_WHOLE` has not."""
        texts = self.texts
        for name in wanted:
            if name in texts:
                return texts[name]
        return ""


def _text(element: Element) -> str:
    return inner(element)[:MOST_TEXT] if len(element) else (element.text or "")[:MOST_TEXT].strip()


def inner(element: Element) -> str:
    """The text of an element with its markup, for XHTML contents and for tags nobody escaped."""
    pieces = [element.text or ""]
    pieces += [etree.tostring(child, encoding="unicode", with_tail=True) for child in element]
    return "".join(pieces).strip()


def web_address(text: str | None, base: str = "") -> str | None:
    """An absolute http or https address; None for anything else, such as `javascript:`."""
    if not text:
        return None
    text = text.strip()
    if PLAIN_ADDRESS.fullmatch(text):
        return text
    text = _FOLDS.sub("", text).replace(" ", "%20")
    if not text or len(text) > MOST_URL:
        return None
    try:
        text = text if _HTTP.match(text) else "" if _NEVER.intersection(text) else urljoin(base, text)
        return text if _HTTP.match(text) and urlsplit(text).hostname else None
    except ValueError:
        return None


def yes_or_no(text: str | None) -> bool | None:
    """What publishers mean by it; None where they say nothing that we know."""
    if not text:
        return None
    word = text.strip().lower()
    if word in ("yes", "true", "explicit", "1"):
        return True
    return False if word in ("no", "false", "clean", "0") else None
