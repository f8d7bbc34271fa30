"""What a feed says of its show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from takefive.common.text import one_line, plain
from takefive.feeds.fields import Element, Fields, web_address, yes_or_no
from takefive.feeds.names import Names
from takefive.feeds.podcasting import Persons, live_items, notices, opts_out, podroll
from takefive.feeds.values import MOST_SUMMARY, ParsedEpisode, ParsedFeed

_ABOUT = ("description", "subtitle", "itunes:summary", "tagline", "itunes:subtitle")
_MAIL_ADDRESS = re.compile(r"(mailto:)?[^\s<>()]+@[^\s<>()]+")


def read_show(
    channel: Element,
    names: Names,
    base: str,
    *,
    source: str,
    items: Iterable[ParsedEpisode],
    warnings: Iterable[str],
    unchanged: frozenset[int] = frozenset(),
) -> ParsedFeed:
    """The feed whose show `channel` describes, with the items that were read already."""
    fields = Fields(channel, names)
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
        medium=fields.text("podcast:medium")[:30].lower() or "podcast",
        kind="serial" if fields.text("itunes:type").lower() == "serial" else "episodic",
        persons=Persons(base)(fields),
        podroll=podroll(fields, names, base),
        live=live_items(fields, names),
        notices=notices(fields),
        opt_out=opts_out(fields),
        unchanged=unchanged,
        items=tuple(items),
        warnings=tuple(warnings),
    )


def find_base(channel: Element, names: Names, source: str) -> str:
    """What relative addresses are relative to: `xml:base`, the feed's own address, the show's page."""
    fields = Fields(channel, names)
    said = channel.get("{http://www.w3.org/XML/1998/namespace}base")
    own = next((e.get("href") for e in fields.all("link") if e.get("rel") == "self"), None)
    page = fields.first("link") or next((e.get("href") for e in fields.all("link") if e.get("href")), None)
    absolute = source if urlsplit(source).scheme in ("http", "https") else None
    return next((u for u in (said, absolute, own, page) if web_address(u)), "") or ""


def _author(fields: Fields) -> str | None:
    """Who makes the show; never its owner nor a mail address, which stand in feeds for machines."""
    for element in fields.all("itunes:author", "googleplay:author", "author", "dc:creator", "managingeditor"):
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
