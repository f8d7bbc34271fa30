"""What people have in their hands instead of a feed's address: the page of a show, a link of Apple. Pure."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import etree

from takefive.feeds.fields import web_address

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")
_LOOKS_LIKE = re.compile(
    r"(\.(rss|xml|rdf|atom)|/(rss|feed|podcast-feed|atom)s?/?)(\?|#|$)|//(feeds?|rss)\.", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|/wp-json/|oembed|opensearch|sitemap", re.IGNORECASE)
_APPLE = re.compile(r"^https?://(?:podcasts|itunes)\.apple\.com/\S*?/?id(\d{4,12})\b", re.IGNORECASE)
_MOST = 20


def find_feed(html: bytes, *, base: str) -> list[str]:
    """Addresses of feeds that a page names, the most likely first; empty where it names none.

    First what the page declares (`<link rel="alternate">`), podcasts before the rest and comments last; then plain
    links that look like feeds. `base` is the address of the page.
    """
    try:
        root = etree.fromstring(html, etree.HTMLParser(recover=True, no_network=True, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    base = _base(root, base)
    declared = [e for e in root.iter("link") if _declares(e)]
    found = sorted(declared, key=_rank)
    found += [e for e in root.iter("a") if _LOOKS_LIKE.search(e.get("href") or "")]
    urls = (web_address(e.get("href"), base) for e in found)
    return list(dict.fromkeys(u for u in urls if u and not (_COMMENTS.search(u) and not declared)))[:_MOST]


def apple_id(text: str) -> int | None:
    """The number of a show in Apple Podcasts, from its link; None for anything else."""
    match = _APPLE.match(text.strip())
    return int(match[1]) if match else None


def _declares(link: etree._Element) -> bool:
    rel = (link.get("rel") or "").lower().split()
    kind = (link.get("type") or "").split(";")[0].strip().lower()
    return bool(link.get("href")) and ("feed" in rel or ("alternate" in rel and kind in _TYPES))


def _rank(link: etree._Element) -> int:
    told = f"{link.get('title') or ''} {link.get('href') or ''}".lower()
    if _COMMENTS.search(told):
        return 2
    return 0 if re.search(r"podcast|episode|audio|itunes|show", told) else 1


def _base(root: etree._Element, base: str) -> str:
    said = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    try:
        return urljoin(base, said) if said else base
    except ValueError:
        return base
