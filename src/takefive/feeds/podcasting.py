"""The elements of Podcasting 2.0 and Podlove that a show or an item may have, to values. Pure."""

from __future__ import annotations

import re
from itertools import islice

from takefive.common.text import one_line
from takefive.feeds.dates import read_date, read_duration
from takefive.feeds.fields import MOST_LINKS, Element, Fields, web_address
from takefive.feeds.names import Names
from takefive.feeds.values import Alternate, Chapter, LiveItem, Notice, Person, RemoteShow, Soundbite, TranscriptLink

MOST_CHAPTERS = 500
_ABOUT_MACHINES = re.compile(r"(?:(?:no-?)?ai(?:[-_ ].*)?|tdm.*|robots)")
_STAY_AWAY = frozenset(("noai", "no-ai", "noindex", "none", "no", "deny", "disallow", "opt-out", "optout", "false"))
_WORD = re.compile(r"[a-z-]+")


class Persons:
    """Reads `podcast:person`; the same few people are named in item after item, and each is made once."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._known: dict[object, Person | None] = {}

    def __call__(self, fields: Fields) -> tuple[Person, ...]:
        """Those who are named, in their order."""
        people, known = [], self._known
        for element in fields.each("podcast:person"):
            said = (element.text, *element.items())
            person = known.get(said) or known.setdefault(said, self._read(element))
            if person is not None:
                people.append(person)
        return tuple(people)

    def _read(self, element: Element) -> Person | None:
        line, get = one_line(element.text or "", 200), element.get
        if not line:
            return None
        return Person(
            name=line,
            role=(get("role") or "").strip().lower()[:60] or "host",
            group=(get("group") or "").strip().lower()[:60] or "cast",
            href=web_address(get("href"), self._base),
            image=web_address(get("img"), self._base),
        )


def chapters(fields: Fields, names: Names, base: str) -> tuple[Chapter, ...]:
    """The `psc:chapter` elements with a time and a title."""
    found = []
    for around in fields.each("psc:chapters"):
        for element in islice(around, MOST_CHAPTERS):
            start = _seconds(element.get("start"))
            title = one_line(element.get("title") or "", 300)
            if names[element.tag] == "psc:chapter" and start is not None and title:
                found.append(Chapter(start=start, title=title, href=web_address(element.get("href"), base)))
    return tuple(found)


def soundbites(fields: Fields) -> tuple[Soundbite, ...]:
    """The `podcast:soundbite` elements with both times."""
    found = []
    for element in fields.each("podcast:soundbite"):
        start = _seconds(element.get("starttime") or element.get("startTime"))
        duration = read_duration(element.get("duration") or "")
        if start is not None and duration is not None:
            found.append(Soundbite(start=start, duration=duration, title=one_line(element.text or "", 200)))
    return tuple(found)


def transcripts(fields: Fields, base: str) -> tuple[TranscriptLink, ...]:
    """The `podcast:transcript` elements with an address."""
    found = []
    for element in fields.each("podcast:transcript"):
        if url := web_address(element.get("url"), base):
            kind, language, rel = _word(element, "type"), _word(element, "language"), _word(element, "rel")
            found.append(TranscriptLink(url, kind and kind.lower(), language, rel and rel.lower()))
    return tuple(found)


def alternates(fields: Fields, base: str) -> tuple[Alternate, ...]:
    """The files of each `podcast:alternateEnclosure` that can be fetched over HTTP."""
    found = []
    for element in fields.each("podcast:alternateenclosure"):
        kind = (_word(element, "type") or "").lower() or None
        length, bitrate = (_number(element.get(name)) for name in ("length", "bitrate"))
        sources = (web_address(source.get("uri"), base) for source in islice(element, MOST_LINKS))
        found += [Alternate(url=url, type=kind, bytes=length, bitrate=bitrate) for url in sources if url]
    return tuple(found[:MOST_LINKS])


def notices(fields: Fields) -> tuple[Notice, ...]:
    """The `podcast:txt` elements: free words for machines, such as the proof of who owns a show."""
    return tuple(
        Notice(purpose=(_word(element, "purpose") or "").lower(), text=text)
        for element in fields.each("podcast:txt")
        if (text := one_line(element.text or "", 4_000))
    )


def podroll(fields: Fields, names: Names, base: str) -> tuple[RemoteShow, ...]:
    """The shows that this one recommends (`podcast:podroll`), by their GUID, their feed, or both."""
    found = []
    for element in (e for around in fields.each("podcast:podroll") for e in islice(around, MOST_LINKS)):
        guid, url = _word(element, "feedGuid"), web_address(element.get("feedUrl"), base)
        if names[element.tag] == "podcast:remoteitem" and (guid or url):
            found.append(RemoteShow(guid=guid, feed_url=url, title=one_line(element.get("title") or "", 300)))
    return tuple(found[:MOST_LINKS])


def live_items(fields: Fields, names: Names) -> tuple[LiveItem, ...]:
    """The broadcasts that are announced (`podcast:liveItem`). No episodes: their enclosure is a stream without end."""
    found = []
    for element in fields.each("podcast:liveitem"):
        inside = Fields(element, names)
        found.append(
            LiveItem(
                guid=inside.first("guid")[:500],
                title=one_line(inside.text("title"), 500),
                status=(_word(element, "status") or "pending").lower(),
                start=read_date(element.get("start") or ""),
                end=read_date(element.get("end") or ""),
            )
        )
    return tuple(found)


def opts_out(fields: Fields) -> bool:
    """Whether the publisher asks machines to stay away.

    There is no one tag for it, so each that is in use counts: a feed access restriction, the robots' meta tag, a
    reservation of text and data mining (W3C TDMRep), and `podcast:txt` with a purpose that speaks of AI or robots.
    """
    denied = any((_word(e, "relationship") or "").lower() == "deny" for e in fields.each("access:restriction"))
    robots = [e.get("content") or "" for e in fields.each("xhtml:meta") if (e.get("name") or "").lower() == "robots"]
    robots += [notice.text for notice in notices(fields) if _ABOUT_MACHINES.fullmatch(notice.purpose)]
    reserved = fields.text("tdm:reservation", "tdm:tdm-reservation") == "1"
    return denied or reserved or any(_STAY_AWAY.intersection(_WORD.findall(text.lower())) for text in robots)


def _seconds(text: str | None) -> float | None:
    """As a duration, but the very start is a time too."""
    text = (text or "").strip()
    return 0.0 if text and not text.strip("0:.") else read_duration(text)


def _number(text: str | None) -> int | None:
    """A whole number above zero; bit rates are also written as "128000.5"."""
    whole = (text or "").strip().partition(".")[0]
    return int(whole) or None if whole.isascii() and whole.isdigit() and len(whole) <= 15 else None


def _word(element: Element, name: str) -> str | None:
    text = element.get(name)
    return text.strip()[:100] or None if text else None
