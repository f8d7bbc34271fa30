"""A reader's profile as a document that the reader can read, edit, take away and bring back: TOML."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from takefive.briefs.interests import MAX_LENGTH, MAX_PHRASES
from takefive.common.errors import UsageError

MAX_DOCUMENT = 2_000_000  # characters: nine lists of 2,000 names of a hundred characters fit
MAX_NAMES = 2_000
MAX_NAME = 500
MAX_SERENDIPITY = 5
FREQUENCIES = ("daily", "weekdays", "weekly")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")  # a language of BCP 47, with its country or script
_UNREADABLE = ("Cc", "Cs", "Zl", "Zp")  # controls, half characters, breaks of lines; joiners and odd blanks are fine


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDocument:
    """All that a reader told, in words: podcasts are feed addresses or titles, so that it means the same elsewhere.

    `openings` says whether opening an insight from the page of their brief may count as a slight sign.
    `snooze_podcasts`, `snooze_topics` and `snooze_people` rest, each until that day.
    """

    interests: tuple[str, ...] = ()
    not_interests: tuple[str, ...] = ()
    follow_podcasts: tuple[str, ...] = ()
    follow_topics: tuple[str, ...] = ()
    follow_people: tuple[str, ...] = ()
    mute_podcasts: tuple[str, ...] = ()
    mute_topics: tuple[str, ...] = ()
    mute_people: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    serendipity: int = 1
    frequency: str = "daily"
    openings: bool = False
    snooze_podcasts: Mapping[str, date] = field(default_factory=dict)
    snooze_topics: Mapping[str, date] = field(default_factory=dict)
    snooze_people: Mapping[str, date] = field(default_factory=dict)

    def with_name(self, key: str, name: str) -> ProfileDocument:
        """The same with `name` last in the list `key`; the oldest names make room where it is full."""
        names = (*self._without(key, name), _clean(name))[-_most(key)[0] :]
        return self._with(key, names)

    def without_name(self, key: str, name: str) -> ProfileDocument:
        """The same without `name` in the list `key`, however it is written there."""
        return self._with(key, self._without(key, name))

    def snoozed(self, key: str, name: str, until: date | None) -> ProfileDocument:
        """The same with `name` of `key` ("snooze_topics") resting until that day; None ends its rest."""
        clean = _clean(name)
        resting = {other: day for other, day in getattr(self, key).items() if other.casefold() != clean.casefold()}
        if until is not None:
            resting[clean] = until
        changed: dict[str, Any] = {key: dict(list(resting.items())[-MAX_NAMES:])}
        return replace(self, **changed)

    def resting(self, key: str, today: date) -> tuple[str, ...]:
        """What of `key` rests today."""
        return tuple(name for name, until in getattr(self, key).items() if today < until)

    def _with(self, key: str, names: tuple[str, ...]) -> ProfileDocument:
        changed: dict[str, Any] = {key: names}
        return replace(self, **changed)

    def _without(self, key: str, name: str) -> tuple[str, ...]:
        return tuple(other for other in getattr(self, key) if other.casefold() != _clean(name).casefold())


SNOOZES = ("snooze_podcasts", "snooze_topics", "snooze_people")
LISTS = tuple(one.name for one in fields(ProfileDocument) if one.type == "tuple[str, ...]")
_NOTES = {
    "interests": "What you want to hear about, in your own words.",
    "not_interests": "What you do not want.",
    "follow_podcasts": "Podcasts by feed address or title; topics and people as the insights name them.",
    "mute_podcasts": "Never from these, on these, by these.",
    "languages": 'Codes such as "en"; none means all.',
    "serendipity": "How many of the day's insights may come from outside your subjects; one at least is yours.",
    "frequency": '"daily", "weekdays" or "weekly".',
    "openings": "Whether to learn a little from what you open on the page of your brief: true or false.",
}
_RESTS = 'What rests, each until a day, such as "https://example.org/feed.xml" = 2030-01-31'


def dumps(document: ProfileDocument) -> str:
    """The document as TOML with a word on each part; `loads` reads it back."""
    lines = []
    for name in (*LISTS, "serendipity", "frequency", "openings"):
        lines += ["", f"# {_NOTES[name]}"] if name in _NOTES else []
        lines.append(f"{name} = {_value(getattr(document, name))}")
    lines += ["", f"# {_RESTS}"]
    for key in SNOOZES:
        lines += [f"[{key}]", *(f"{_text(name)} = {day.isoformat()}" for name, day in getattr(document, key).items())]
    return "\n".join(lines[1:]) + "\n"


def loads(text: str) -> ProfileDocument:
    """The document of this TOML. Raises UsageError with one line that says what to mend; what is left out is default."""
    if len(text) > MAX_DOCUMENT:
        raise UsageError(f"the profile is longer than {MAX_DOCUMENT:,} characters")
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"the profile is no TOML: {error}") from error
    return read(told)


def read(told: Mapping[str, object]) -> ProfileDocument:
    """The document of such a mapping, as TOML gives it; UsageError as `loads` has it."""
    known = {field.name for field in fields(ProfileDocument)}
    strange = sorted(told.keys() - known)
    if strange:
        raise UsageError(f"the profile has an unknown key {strange[0][:80]!r}; known are {', '.join(sorted(known))}")
    given: dict[str, Any] = {key: _names(key, told[key]) for key in LISTS if key in told}
    given |= {key: _rests(key, told[key]) for key in SNOOZES if key in told}
    return ProfileDocument(
        **given,
        serendipity=_serendipity(told.get("serendipity", 1)),
        frequency=_frequency(told.get("frequency", "daily")),
        openings=_openings(told.get("openings", False)),
    )


def _value(value: tuple[str, ...] | int | str) -> str:
    if isinstance(value, int):
        return str(value).lower()  # true, false, 3
    return _text(value) if isinstance(value, str) else "[" + ", ".join(map(_text, value)) + "]"


def _text(word: str) -> str:
    """A TOML text. JSON's are TOML's too, but for DEL, which TOML wants escaped, and lone surrogates."""
    written = json.dumps(word.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return written.replace("\x7f", "\\u007f")


def _most(key: str) -> tuple[int, int]:
    """How many names a list may hold, and how long each may be."""
    return (MAX_PHRASES, MAX_LENGTH) if "interests" in key else (MAX_NAMES, MAX_NAME)


def _clean(name: str) -> str:
    return " ".join(name.split())[:MAX_NAME]


def _names(key: str, value: object) -> tuple[str, ...]:
    most, length = _most(key)
    if not isinstance(value, Iterable) or isinstance(value, str) or not all(isinstance(word, str) for word in value):
        raise UsageError(f'"{key}" in the profile must be a list of texts, such as {key} = ["one", "two"]')
    names = tuple(_text_of(key, word) for word in value)
    if len(names) > most or any(len(word) > length for word in names):
        raise UsageError(f'"{key}" in the profile may hold {most:,} texts of {length} characters')
    if key == "languages" and (strange := [word for word in names if not _CODE.fullmatch(word)]):
        raise UsageError(f'"{key}" in the profile must be codes such as "en" or "pt-BR", not {strange[0][:80]!r}')
    return names


def _text_of(key: str, word: str) -> str:
    """One text of a list. A blank one would stand for everything, and some characters go into no store or onto no line."""
    if any(unicodedata.category(character) in _UNREADABLE for character in word.strip()):
        raise UsageError(f'"{key}" in the profile has a text with a character that cannot be read: {word[:80]!r}')
    if not word.strip():
        raise UsageError(f'"{key}" in the profile has a blank text; take it out')
    return word.strip()


def _serendipity(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SERENDIPITY:
        raise UsageError(f'"serendipity" in the profile must be a number from 0 to {MAX_SERENDIPITY}')
    return value


def _frequency(value: object) -> str:
    if value not in FREQUENCIES:
        raise UsageError(f'"frequency" in the profile must be one of {", ".join(FREQUENCIES)}')
    return str(value)


def _openings(value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError('"openings" in the profile must be true or false')
    return value


def _rests(key: str, value: object) -> dict[str, date]:
    told: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {}
    fits = len(told) <= MAX_NAMES and all(len(name) <= MAX_NAME and _is_day(day) for name, day in told.items())
    if not isinstance(value, Mapping) or not fits:
        raise UsageError(f'"{key}" in the profile must be names with a day each, such as "Show" = 2030-01-31')
    return {_text_of(key, name): day for name, day in told.items()}


def _is_day(value: object) -> bool:
    return type(value) is date  # a time of day is none
