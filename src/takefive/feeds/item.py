"""One item of a feed to a `ParsedEpisode`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from takefive.common.text import one_line, plain
from takefive.feeds.dates import read_date, read_duration
from takefive.feeds.fields import MOST_LINKS, MOST_URL, Element, Fields, web_address, yes_or_no
from takefive.feeds.names import Names
from takefive.feeds.values import MOST_SUMMARY, Chapter, ParsedEpisode, Person, Soundbite, TranscriptLink

MOST_NAME, MOST_NOTES, MOST_CHAPTERS = 500, 200_000, 500
_AUDIO_FILE = re.compile(r"\.(mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|wma)(?:[?#/&]|$)", re.IGNORECASE)
_VIDEO_FILE = re.compile(r"\.(mp4|m4v|mov|webm|mkv)(?:[?#/&]|$)", re.IGNORECASE)
_NO_MEDIA = re.compile(r"^(image|text/(?!html)|application/(pdf|epub|json|x-shockwave|zip))", re.IGNORECASE)
_NO_AUDIO_FILE = re.compile(r"\.(jpe?g|png|gif|webp|pdf|html?)(\?|$)", re.IGNORECASE)
_INT = re.compile(r"\d{1,9}")


def read_item(element: Element, names: Names, base: str, warn: Callable[[str], None]) -> ParsedEpisode:
    """One `item` or `entry`. `warn` takes what is odd; `base` makes relative addresses whole."""
    fields = Fields(element, names)
    title = one_line(fields.text("title", "itunes:title", "media:title", "dc:title"), MOST_NAME)
    link = web_address(_link(fields), base) or web_address(_permalink(fields))
    url, kind, size = _audio(fields, base, warn)
    notes = _longest(fields, "content:encoded", "content", "description", "summary", "itunes:summary")
    return ParsedEpisode(
        guid=_guid(element, fields, url, link, title),
        title=title or one_line(plain(notes)[:200], 80) or "Untitled",
        link=link,
        raw_notes=notes[:MOST_NOTES],
        raw_summary=_summary(fields, notes),
        published=_published(fields, warn),
        audio_url=url,
        audio_type=kind,
        audio_bytes=size,
        duration=_duration(fields, warn),
        image=_image(fields, base),
        season=_number(fields.text("podcast:season", "itunes:season")),
        number=_number(fields.text("podcast:episode", "itunes:episode")),
        kind=_kind(fields.text("itunes:episodetype")),
        explicit=yes_or_no(fields.text("itunes:explicit", "googleplay:explicit")),
        blocked=bool(yes_or_no(fields.text("itunes:block", "googleplay:block"))),
        chapters_url=next((u for e in fields.all("podcast:chapters") if (u := web_address(e.get("url"), base))), None),
        chapters=tuple(_chapters(fields, names, base)) if "psc:chapters" in fields.found else (),
        soundbites=tuple(_soundbites(fields)) if "podcast:soundbite" in fields.found else (),
        transcripts=tuple(_transcripts(fields, base)),
        persons=tuple(persons(fields, base)),
    )


def persons(fields: Fields, base: str) -> Iterable[Person]:
    """The `podcast:person` elements that name somebody."""
    for element in fields.all("podcast:person"):
        if name := one_line(element.text or "", 200):
            role, group = (
                (element.get("role") or "host").strip().lower(),
                (element.get("group") or "cast").strip().lower(),
            )
            href, image = web_address(element.get("href"), base), web_address(element.get("img"), base)
            yield Person(name=name, role=role[:60] or "host", group=group[:60] or "cast", href=href, image=image)


def _link(fields: Fields) -> str | None:
    """RSS writes the address as text, Atom as an attribute."""
    fallback = None
    for element in fields.all("link"):
        href = element.get("href")
        if href and (element.get("rel") or "alternate") == "alternate":
            return href
        if not href and (element.text or "").strip():
            fallback = fallback or element.text
    return fallback


def _permalink(fields: Fields) -> str | None:
    """A GUID is an address by definition unless it says that it is not."""
    said = next(iter(fields.all("guid")), None)
    return None if said is None or (said.get("isPermaLink") or "").strip().lower() == "false" else said.text


def _guid(element: Element, fields: Fields, url: str | None, link: str | None, title: str) -> str:
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""
    said = " ".join((fields.text("guid", "id") or about or fields.text("dc:identifier")).split())
    date = fields.text("pubdate", "published", "updated", "dc:date")
    return (said or url or link or f"{title} {date}".strip() or "empty")[:MOST_URL]


def _audio(fields: Fields, base: str, warn: Callable[[str], None]) -> tuple[str | None, str | None, int | None]:
    """The enclosure that is most surely audio: address, type, bytes."""
    offers = []
    for element in _offers(fields):
        url = web_address(element.get("url") or element.get("href") or element.get("uri"), base)
        kind = (element.get("type") or "").strip().lower()
        if url:
            offers.append((_worth(url, kind), url, kind, element.get("length") or element.get("filesize")))
        elif element.get("url"):
            warn("an enclosure with an address that is none")
    if not offers or (best := max(offers, key=lambda o: o[0]))[0] == 0:
        return None, None, None
    size = int(best[3]) if best[3] and re.fullmatch(r"\s*[0-9]{1,15}\s*", best[3]) else None
    return best[1], best[2] or None, size or None


def _offers(fields: Fields) -> Iterable[Element]:
    yield from fields.all("enclosure")
    yield from (e for e in fields.all("link") if (e.get("rel") or "").strip().lower() == "enclosure")
    yield from fields.all("media:content")
    for group in fields.all("media:group", "podcast:alternateenclosure"):
        yield from islice(group, MOST_LINKS)


def _worth(url: str, kind: str) -> int:
    """4 audio by type, 3 by name, 2 video, 1 unknown, 0 surely neither. The first of the best wins."""
    if kind.startswith("audio"):
        return 4
    if _AUDIO_FILE.search(url):
        return 3
    if kind.startswith("video") or _VIDEO_FILE.search(url):
        return 2
    return 0 if _NO_MEDIA.match(kind) or _NO_AUDIO_FILE.search(url) else 1


def _longest(fields: Fields, *names: str) -> str:
    """The fullest of the texts that say what the episode is about; the first one that is long enough, for speed."""
    best = ""
    for name in names:
        text = fields.text(name)
        if len(text) > len(best):
            best = text
        if name == "content:encoded" and len(best) > 200:
            break
    return best


def _summary(fields: Fields, notes: str) -> str:
    return (fields.text("itunes:summary", "description", "summary", "itunes:subtitle") or notes)[: 4 * MOST_SUMMARY]


def _published(fields: Fields, warn: Callable[[str], None]) -> datetime | None:
    said = fields.text("pubdate", "published", "issued", "dc:date", "updated", "modified")
    if not said:
        return None
    moment = read_date(said)
    if moment is None:
        warn(f"no date can be read from {said[:40]!r}")
    return moment


def _duration(fields: Fields, warn: Callable[[str], None]) -> float | None:
    said = fields.text("itunes:duration")
    if not said:
        media = next((e.get("duration") for e in fields.all("media:content") if e.get("duration")), "")
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


def _number(text: str) -> int | None:
    match = _INT.search(text)
    return int(match[0]) if match else None


def _kind(text: str) -> str:
    word = text.strip().lower()
    return word if word in ("trailer", "bonus") else "full"


def _chapters(fields: Fields, names: Names, base: str) -> Iterable[Chapter]:
    for around in fields.all("psc:chapters"):
        for element in islice(around, MOST_CHAPTERS):
            start = _seconds(element.get("start"))
            title = one_line(element.get("title") or "", 300)
            if names(element.tag) == "psc:chapter" and start is not None and title:
                yield Chapter(start=start, title=title, href=web_address(element.get("href"), base))


def _soundbites(fields: Fields) -> Iterable[Soundbite]:
    for element in fields.all("podcast:soundbite"):
        start, duration = (
            _seconds(element.get("starttime") or element.get("startTime")),
            read_duration(element.get("duration") or ""),
        )
        if start is not None and duration is not None:
            yield Soundbite(start=start, duration=duration, title=one_line(element.text or "", 200))


def _seconds(text: str | None) -> float | None:
    """As a duration, but the very start is a time too."""
    text = (text or "").strip()
    return 0.0 if text and not text.strip("0:.") else read_duration(text)


def _transcripts(fields: Fields, base: str) -> Iterable[TranscriptLink]:
    for element in fields.all("podcast:transcript"):
        if url := web_address(element.get("url"), base):
            kind, rel = _word(element.get("type")), _word(element.get("rel"))
            language = _word(element.get("language"))
            yield TranscriptLink(url=url, type=kind and kind.lower(), language=language, rel=rel and rel.lower())


def _word(text: str | None) -> str | None:
    return text.strip()[:100] or None if text else None
