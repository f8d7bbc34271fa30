"""One item of a feed to a `ParsedEpisode`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from takefive.common.text import one_line, plain
from takefive.feeds.dates import read_date, read_duration
from takefive.feeds.fields import MOST_LINKS, MOST_URL, PLAIN_ADDRESS, Element, Fields, web_address, yes_or_no
from takefive.feeds.names import Names
from takefive.feeds.podcasting import Persons, alternates, chapters, notices, soundbites, transcripts
from takefive.feeds.values import MOST_SUMMARY, ParsedEpisode

MOST_NAME, _MOST_WARNINGS = 500, 50
_AUDIO_FILE = re.compile(r"\.(mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|wma)(?:[?#/&]|$)", re.IGNORECASE)
_VIDEO_FILE = re.compile(r"\.(mp4|m4v|mov|webm|mkv)(?:[?#/&]|$)", re.IGNORECASE)
_NO_MEDIA = re.compile(r"^(image|text/(?!html)|application/(pdf|epub|json|x-shockwave|zip))", re.IGNORECASE)
_NO_AUDIO_FILE = re.compile(r"\.(jpe?g|png|gif|webp|pdf|html?)(\?|$)", re.IGNORECASE)
_BYTES = re.compile(r"\s*[0-9]{1,15}\s*")
_INT = re.compile(r"\d{1,9}")
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_IMAGES = frozenset(("itunes:image", "googleplay:image", "media:thumbnail", "image"))
_OFFERS = frozenset(("media:content", "media:group", "podcast:alternateenclosure"))

Warn = Callable[[str], None]


class ItemReader:
    """Reads the items of one feed. `base` makes relative addresses whole; `warnings` takes what is odd, with its place."""

    def __init__(self, names: Names, base: str, warnings: list[str]) -> None:
        self.names, self.base, self.warnings = names, base, warnings
        self.persons = Persons(base)

    def read(self, element: Element, number: int) -> ParsedEpisode:
        """An `item` or `entry`, the how many-th of its feed. What few items have is looked for only where it stands."""
        fields, base = Fields(element, self.names), self.base

        def warn(text: str) -> None:
            if len(self.warnings) < _MOST_WARNINGS:
                self.warnings.append(f"item {number}: {text}")

        found, get = fields.found, fields.texts.get
        title = one_line(get("title") or fields.text("itunes:title", "media:title", "dc:title"), MOST_NAME)
        link = web_address(_link(fields), base) or web_address(_permalink(fields))
        url, kind, size = _audio(fields, base, warn)
        notes = _notes(fields.texts)
        return ParsedEpisode(
            guid=_guid(element, fields, url, link, title),
            title=title or one_line(plain(notes)[:200], 80) or "Untitled",
            link=link,
            raw_notes=notes,
            raw_summary=_summary(fields, notes),
            published=_published(fields, warn),
            audio_url=url,
            audio_type=kind,
            audio_bytes=size,
            duration=_duration(fields, warn),
            image=None if _IMAGES.isdisjoint(found) else _image(fields, base),
            season=_number(get("podcast:season") or get("itunes:season")),
            number=_number(get("podcast:episode") or get("itunes:episode")),
            kind=_kind(get("itunes:episodetype")),
            explicit=yes_or_no(get("itunes:explicit") or get("googleplay:explicit")),
            blocked=bool(yes_or_no(get("itunes:block") or get("googleplay:block"))),
            chapters_url=_chapters_url(fields, base) if "podcast:chapters" in found else None,
            chapters=chapters(fields, self.names, base) if "psc:chapters" in found else (),
            soundbites=soundbites(fields) if "podcast:soundbite" in found else (),
            transcripts=transcripts(fields, base) if "podcast:transcript" in found else (),
            persons=self.persons(fields) if "podcast:person" in found else (),
            alternates=alternates(fields, base) if "podcast:alternateenclosure" in found else (),
            notices=notices(fields) if "podcast:txt" in found else (),
        )


def _link(fields: Fields) -> str | None:
    """RSS writes the address as text, Atom as an attribute."""
    fallback = None
    for element in fields.each("link"):
        href = element.get("href")
        if href and (element.get("rel") or "alternate") == "alternate":
            return href
        if not href and fallback is None and (text := element.text) and text.strip():
            fallback = text
    return fallback


def _permalink(fields: Fields) -> str | None:
    """A GUID is an address by definition unless it says that it is not."""
    for said in fields.each("guid"):
        return None if (said.get("isPermaLink") or "").strip().lower() == "false" else said.text
    return None


def _guid(element: Element, fields: Fields, url: str | None, link: str | None, title: str) -> str:
    said = fields.first("guid") or fields.texts.get("id") or element.get(_RDF_ABOUT) or fields.text("dc:identifier")
    if said:
        said = " ".join(said.split())
    return (said or url or link or f"{title} {_date(fields)}".strip() or "empty")[:MOST_URL]


def _date(fields: Fields) -> str:
    return fields.text("pubdate", "published", "updated", "dc:date")


def _audio(fields: Fields, base: str, warn: Warn) -> tuple[str | None, str | None, int | None]:
    """The enclosure that is most surely audio: address, type, bytes."""
    return _plain_audio(fields.each("enclosure")) or _best_audio(fields, base, warn)


def _plain_audio(enclosures: Sequence[Element]) -> tuple[str, str, int | None] | None:
    """The first enclosure where it leaves no doubt, as in nearly every item."""
    if not enclosures:
        return None
    get = enclosures[0].get
    url, kind = get("url"), get("type")
    if not url or not kind or not kind.startswith("audio/") or url.endswith(".torrent"):
        return None
    return (url, kind.strip().lower(), _size(get("length"))) if PLAIN_ADDRESS.fullmatch(url) else None


def _best_audio(fields: Fields, base: str, warn: Warn) -> tuple[str | None, str | None, int | None]:
    best, worth = None, 0
    for element in _offers(fields):
        said = element.get("url")
        url = web_address(said or element.get("href") or element.get("uri"), base)
        if url:
            kind = (element.get("contentType") or _of_offer(element, "type")).strip().lower()
            # An alternate takes the place of an enclosure that is no audio, never of one that is.
            if (more := min(_worth(url, kind), 3 if element.get("uri") else 4)) > worth:
                best, worth = (element, url, kind), more
        elif said:
            warn("an enclosure with an address that is none")
    if best is None:
        return None, None, None
    element, url, kind = best
    return url, kind or None, _size(_of_offer(element, "length") or element.get("filesize"))


def _size(length: str | None) -> int | None:
    return (int(length) or None) if length and _BYTES.fullmatch(length) else None


def _offers(fields: Fields) -> Iterator[Element]:
    yield from fields.each("enclosure")
    yield from (e for e in fields.each("link") if (rel := e.get("rel")) and rel.strip().lower() == "enclosure")
    if _OFFERS.isdisjoint(fields.found):
        return
    yield from fields.each("media:content")
    for group in fields.all("media:group", "podcast:alternateenclosure"):
        yield from islice(group, MOST_LINKS)


def _of_offer(element: Element, name: str) -> str:
    """An attribute; a `podcast:source`, one of the places of a file, leaves it to the alternate enclosure around it."""
    said = element.get(name)
    if not said and element.get("uri") and (around := element.getparent()) is not None:
        said = around.get(name)
    return said or ""


def _worth(url: str, kind: str) -> int:
    """4 audio by type, 3 by name, 2 video, 1 unknown, 0 surely neither. The first of the best wins."""
    if url.endswith(".torrent") or kind == "application/x-bittorrent":  # leads to audio, and is none
        return 0
    if kind.startswith("audio"):
        return 4
    if _AUDIO_FILE.search(url):
        return 3
    if kind.startswith("video") or _VIDEO_FILE.search(url):
        return 2
    return 0 if _NO_MEDIA.match(kind) or _NO_AUDIO_FILE.search(url) else 1


def _notes(texts: dict[str, str]) -> str:
    """The fullest of the texts that say what the episode is about; the first one that is long enough, for speed."""
    best = texts.get("content:encoded", "")
    if len(best) > 200:
        return best
    for name in ("content", "description", "summary", "itunes:summary"):
        if name in texts and len(texts[name]) > len(best):
            best = texts[name]
    return best


def _summary(fields: Fields, notes: str) -> str:
    return (fields.text("itunes:summary", "description", "summary", "itunes:subtitle") or notes)[: 4 * MOST_SUMMARY]


def _published(fields: Fields, warn: Warn) -> datetime | None:
    said = fields.texts.get("pubdate") or fields.text("published", "issued", "dc:date", "updated", "modified")
    if not said:
        return None
    moment = read_date(said)
    if moment is None:
        warn(f"no date can be read from {said[:40]!r}")
    return moment


def _duration(fields: Fields, warn: Warn) -> float | None:
    said = fields.texts.get("itunes:duration")
    if not said:
        media = next((e.get("duration") for e in fields.each("media:content") if e.get("duration")), "")
        return read_duration(media or "")
    seconds = read_duration(said)
    if seconds is None and said.strip("0: "):
        warn(f"no duration can be read from {said[:40]!r}")
    return seconds


def _image(fields: Fields, base: str) -> str | None:
    for element in fields.all("itunes:image", "googleplay:image", "media:thumbnail", "image"):
        if url := web_address(element.get("href") or element.get("url") or element.text, base):
            return url
    return None


def _chapters_url(fields: Fields, base: str) -> str | None:
    for element in fields.each("podcast:chapters"):
        if url := web_address(element.get("url"), base):
            return url
    return None


def _number(text: str | None) -> int | None:
    match = _INT.search(text) if text else None
    return int(match[0]) if match else None


def _kind(text: str | None) -> str:
    word = text.lower() if text else ""
    return word if word in ("trailer", "bonus") else "full"
