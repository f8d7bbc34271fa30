"""The children of an element by name, and the small values in them. Pure."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

from takefive.feeds.names import Names

Element = etree._Element

MOST_URL, MOST_LINKS = 4_000, 50
# What nearly all addresses look like, so that only odd ones take the long way.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!#-;=?-~]{0,3000})?")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_FOLDS = re.compile(r"[\r\n\t]+\s*")


class Fields:
    """The children of one element by canonical name, in their order."""

    def __init__(self, element: Element, names: Names) -> None:
        self.found: dict[str, list[Element]] = {}
        found, known = self.found, names.known  # this loop runs for every element of every feed
        for child in element:
            name = known.get(child.tag) or names(child.tag)
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]

    def all(self, *wanted: str) -> list[Element]:
        """The elements of these names, at most as many as anybody needs."""
        found = self.found
        return [e for name in wanted if name in found for e in found[name][:MOST_LINKS]]

    def text(self, *wanted: str) -> str:
        """The first text that is not empty, by the order of the names."""
        found = self.found
        for name in wanted:
            if name in found:
                for element in found[name]:
                    text = inner(element) if len(element) else (element.text or "").strip()
                    if text:
                        return text
        return ""


def inner(element: Element) -> str:
    """The text of an element with its markup, for XHTML contents and for tags nobody escaped."""
    pieces = [element.text or ""]
    pieces += [etree.tostring(child, encoding="unicode", with_tail=True) for child in element]
    return "".join(pieces).strip()


def web_address(text: str | None, base: str = "") -> str | None:
    """An absolute http or https address; None for anything else, such as `javascript:`."""
    text = (text or "").strip()
    if _PLAIN_ADDRESS.fullmatch(text):
        return text
    text = _FOLDS.sub("", text).replace(" ", "%20")
    if not text or len(text) > MOST_URL:
        return None
    try:
        text = text if _HTTP.match(text) else urljoin(base, text)
        return text if _HTTP.match(text) and urlsplit(text).hostname else None
    except ValueError:
        return None


def yes_or_no(text: str) -> bool | None:
    """What publishers mean by it; None where they say nothing that we know."""
    word = text.strip().lower()
    if word in ("yes", "true", "explicit", "1"):
        return True
    return False if word in ("no", "false", "clean", "0") else None
