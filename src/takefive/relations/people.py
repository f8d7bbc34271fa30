"""Which written names are one person. A wrong merge is worse than two pages: what is in doubt stays apart.

A full name is one person wherever it is heard: two guests of one full name are rarer by far than one guest on two shows
(docs/benchmarks/relations.md), unless the feeds give them different pages on one site. A first name alone, or an initial with a
surname, is somebody of that show only. A middle initial may be left out; a middle name only where the show or the page is the
same. Who has two different middle names is two people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar
from urllib.parse import urlsplit

from takefive.insights.lexicon import words_of as _set
from takefive.relations.entities import plain

T = TypeVar("T")

_TITLES = _set("dr doctor prof professor mr mrs ms miss mx sir dame lord lady rev reverend hon capt captain the")
_DEGREES = _set("phd md mba msc bsc esq cpa dds jd rn obe mbe cbe")
_NUMBERED = _set("jr sr ii iii iv junior senior")
_PARTICLES = _set("de da di du del della van von der den ter la le el bin ibn al dos das st")
_NOBODY = _set(
    """
    speaker unknown narrator narration host hosts cohost guest guests interviewer interviewee moderator announcer
    audience everyone all both multiple crowd voice voiceover voices male female man woman person participant caller operator
    robot bot break jingle music intro outro sponsor ad advert recording clip tape video audio question answer team
    staff crew panel group various unidentified inaudible transcript transcriber editor producer computer siri alexa chorus
    """
)
_BRACKETS = re.compile(r"\s*[(\[{].*?(?:[)\]}]|$)")
_SEVERAL = re.compile(r"\s(?:&|and|und|y|et|with|feat\.?|vs\.?)\s|[/;|+]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class PersonName:
    """A name without titles: `base` is first and last name, `middle` what stands between or "jr", both small and plain."""

    base: str
    middle: str = ""

    @property
    def key(self) -> str:
        """The whole name."""
        first, _, last = self.base.partition(" ")
        return " ".join(filter(None, (first, self.middle, last)))

    @property
    def full(self) -> bool:
        """Whether it can mean the same person on another show: a first name, not an initial, and a surname."""
        first, _, last = self.base.partition(" ")
        return len(first) > 1 and len(last) > 1


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """A name heard on a show (its lasting id); `href` is the page that the feed gives for the person, "" for none."""

    name: PersonName
    show: str
    href: str = ""


@lru_cache(maxsize=20_000)
def person_name(written: str) -> PersonName | None:
    """The name in a label; None where it names nobody, or more than one: "Speaker 2", "Host", "Ann and Bob"."""
    text = _BRACKETS.sub("", plain(written)).strip(" .:-*_#>,\"'“”")
    if not text or len(text) > 80 or _SEVERAL.search(text) or any(c.isdigit() for c in text):
        return None
    words = _words(text)
    if not words or len(words) > 6 or any(word in _NOBODY for word in words) or all(len(w) == 1 for w in words):
        return None
    numbered = " ".join(word for word in words if word in _NUMBERED)
    words = [word for word in words if word not in _NUMBERED]
    surname = len(words) - 1
    while surname > 1 and words[surname - 1] in _PARTICLES:
        surname -= 1
    if not words:
        return None
    if len(words) == 1:
        return PersonName(words[0], numbered)
    middle = " ".join(filter(None, (*words[1:surname], numbered)))
    return PersonName(" ".join((words[0], *words[surname:])), middle)


def people(sightings: Collection[Sighting]) -> dict[Sighting, str]:
    """The key of the person behind each of these sightings, which are all those known of their names.

    Depends only on which sightings there are, not on their order or how often each comes.
    """
    by_base: dict[str, set[Sighting]] = {}
    for one in sightings:
        by_base.setdefault(one.name.base, set()).add(one)
    return {one: key for group in by_base.values() for one, key in _of_one_base(group).items()}


def page_of(href: str) -> str:
    """A person's page as it is compared: host and path, without case of the host, `www.` and a slash at the end."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    host = (parts.netloc.casefold().rpartition("@")[2]).removeprefix("www.").removeprefix("m.")
    path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    host = "x.com" if host in ("twitter.com", "mobile.twitter.com") else host
    return f"{host}{path.casefold()}" if host and path else ""


def _words(text: str) -> list[str]:
    """Small words without titles in front and degrees behind; what follows a comma is a degree or an office."""
    name = re.sub(r"(?<=\w)['’](?=\w)", "", text.split(",")[0].casefold())
    words = [re.sub(r"[^\w]|_", "", part) for part in re.split(r"\s+|(?<=\b\w)\.(?=\w\b)", name)]
    words = [word for word in words if word]
    behind = [re.sub(r"\W", "", part) for part in text.casefold().split(",")[1:]]
    words += [word for word in behind if word in _NUMBERED]
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    while len(words) > 1 and words[-1] in _DEGREES:
        words.pop()
    return words


def _of_one_base(group: Collection[Sighting]) -> dict[Sighting, str]:
    if not next(iter(group)).name.full:
        return {one: f"{one.name.key} {one.show}" for one in group}
    found: dict[Sighting, str] = {}
    for names in _joined({one.name for one in group}, _same_names(group)):
        members = [one for one in group if one.name in names]
        key = min(names, key=lambda name: (len(name.key), name.key)).key
        found |= _apart_by_page(members, key)
    return found


def _same_names(group: Collection[Sighting]) -> set[tuple[PersonName, PersonName]]:
    """Which two ways to write a name with other middle names are one, none of them being two people's."""
    names = sorted({one.name for one in group})
    places = {name: {(one.show, one.href) for one in group if one.name == name} for name in names}
    joined = {
        (one, other)
        for one, other in combinations(names, 2)
        if _fit(one.middle, other.middle) and (_initials_only(one, other) or _meet(places[one], places[other]))
    }
    between = {name: {n for pair in joined if name in pair for n in pair} - {name} for name in names}
    torn = {
        name for name, all_ in between.items() if any(not _fit(a.middle, b.middle) for a, b in combinations(all_, 2))
    }
    return {(one, other) for one, other in joined if one not in torn and other not in torn}


def _fit(one: str, other: str) -> bool:
    """Whether two middles can be one person's: equal, one left out, or one the initial of the other. "jr" must be on both."""
    if {one, other} & _NUMBERED or not one or not other:
        return one == other or not ({one, other} & _NUMBERED or _NUMBERED & {*one.split(), *other.split()})
    firsts, seconds = one.split(), other.split()
    return len(firsts) == len(seconds) and all(
        a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(firsts, seconds, strict=True)
    )


def _initials_only(one: PersonName, other: PersonName) -> bool:
    return all(len(word) == 1 for name in (one, other) for word in name.middle.split()) or bool(
        one.middle and other.middle
    )


def _meet(ones: set[tuple[str, str]], others: set[tuple[str, str]]) -> bool:
    """Whether two names were seen on one show, or with one page."""
    shows = {show for show, _ in ones} & {show for show, _ in others}
    return bool(shows or ({page for _, page in ones if page} & {page for _, page in others if page}))


def _apart_by_page(members: Collection[Sighting], key: str) -> dict[Sighting, str]:
    """All one person, unless two shows link them to different pages of one site: then only who shares a page is the same."""
    pages: dict[str, set[str]] = {}
    for one in members:
        pages.setdefault(one.show, set()).update({one.href} - {""})
    if not any(_contradict(a, b) for a, b in combinations(pages.values(), 2)):
        return dict.fromkeys(members, key)
    pairs = {(a, b) for a, b in combinations(sorted(pages), 2) if pages[a] & pages[b]}
    home = {show: min(shows) for shows in _joined(set(pages), pairs) for show in shows}
    return {one: f"{key} {home[one.show]}" for one in members}


def _contradict(ones: set[str], others: set[str]) -> bool:
    if ones & others:
        return False
    return bool({page.split("/")[0] for page in ones} & {page.split("/")[0] for page in others})


def _joined(items: Collection[T], pairs: Iterable[tuple[T, T]]) -> list[set[T]]:
    """The connected parts of a graph."""
    groups = {item: {item} for item in items}
    for one, other in pairs:
        both = groups[one] | groups[other]
        groups.update(dict.fromkeys(both, both))
    return list({id(group): group for group in groups.values()}.values())
