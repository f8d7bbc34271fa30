"""A reader's profile as a document that the reader can read, edit, take away and bring back: TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from takefive.briefs.interests import MAX_LENGTH, MAX_PHRASES
from takefive.common.errors import UsageError

MAX_DOCUMENT = 200_000
MAX_NAMES = 2_000
MAX_NAME = 500
MAX_SERENDIPITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDocument:
    """All that a reader told, in words: podcasts are feed addresses or titles, so that it means the same elsewhere."""

    interests: tuple[str, ...] = ()
    not_interests: tuple[str, ...] = ()
    follow_podcasts: tuple[str, ...] = ()
    follow_topics: tuple[str, ...] = ()
    mute_podcasts: tuple[str, ...] = ()
    mute_topics: tuple[str, ...] = ()
    mute_people: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    serendipity: int = 1


_NOTES = {
    "interests": "What you want to hear about, in your own words.",
    "not_interests": "What you do not want.",
    "follow_podcasts": "Podcasts by feed address or title; topics as the insights name them.",
    "mute_podcasts": "Never from these, on these, by these.",
    "languages": 'Codes such as "en"; none means all.',
    "serendipity": "How many of the day's insights may come from outside your subjects.",
}


def dumps(document: ProfileDocument) -> str:
    """The document as TOML with a word on each part; `loads` reads it back."""
    lines = []
    for field in fields(ProfileDocument):
        if field.name in _NOTES:
            lines += ["", f"# {_NOTES[field.name]}"]
        lines.append(f"{field.name} = {_value(getattr(document, field.name))}")
    return "\n".join(lines[1:]) + "\n"


def loads(text: str) -> ProfileDocument:
    """The document of this TOML. Raises UsageError with one line that says what to mend; what is left out is default."""
    if len(text) > MAX_DOCUMENT:
        raise UsageError(f"the profile is longer than {MAX_DOCUMENT:,} characters")
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"the profile is no TOML: {error}") from error
    known = {field.name for field in fields(ProfileDocument)}
    strange = sorted(told.keys() - known)
    if strange:
        raise UsageError(f"the profile has an unknown key {strange[0][:80]!r}; known are {', '.join(sorted(known))}")
    names = {key: _names(key, told) for key in told.keys() - {"serendipity"}}
    return ProfileDocument(**names, serendipity=_serendipity(told))


def _value(value: tuple[str, ...] | int) -> str:
    """A TOML value. JSON's strings are TOML's too, but for DEL, which TOML wants escaped, and lone surrogates."""
    if isinstance(value, int):
        return str(value)
    words = [json.dumps(word.encode("utf-8", "replace").decode(), ensure_ascii=False) for word in value]
    return "[" + ", ".join(word.replace("\x7f", "\\u007f") for word in words) + "]"


def _names(key: str, told: Mapping[str, object]) -> tuple[str, ...]:
    most, length = (MAX_PHRASES, MAX_LENGTH) if "interests" in key else (MAX_NAMES, MAX_NAME)
    value = told[key]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise UsageError(f'"{key}" in the profile must be a list of texts, such as {key} = ["one", "two"]')
    if len(value) > most or any(len(word) > length for word in value):
        raise UsageError(f'"{key}" in the profile may hold {most:,} texts of {length} characters')
    return tuple(value)


def _serendipity(told: Mapping[str, object]) -> int:
    value = told.get("serendipity", 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SERENDIPITY:
        raise UsageError(f'"serendipity" in the profile must be a number from 0 to {MAX_SERENDIPITY}')
    return value
