"""A reader's profile as a plain document (briefs/profile.py), out of their row and into it.

Interests, surprises and frequency have columns of their own; everything else they told is one JSON object: its lists by name,
and what rests (`snooze_podcasts` and the like) with days as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from takefive.accounts.models import Reader
from takefive.briefs.interests import parse
from takefive.briefs.profile import LISTS, SNOOZES, ProfileDocument

_IN_JSON = tuple(name for name in LISTS if "interests" not in name)


def document_of(reader: Reader) -> ProfileDocument:
    """All that the reader told."""
    wanted, unwanted = parse(reader.interests)
    lists: dict[str, Any] = {name: tuple(reader.wishes.get(name, ())) for name in _IN_JSON}
    rests: dict[str, Any] = {
        key: {name: date.fromisoformat(day) for name, day in reader.wishes.get(key, {}).items()} for key in SNOOZES
    }
    return ProfileDocument(
        interests=wanted,
        not_interests=unwanted,
        **lists,
        serendipity=reader.serendipity,
        frequency=reader.frequency,
        **rests,
    )


def adopt(reader: Reader, document: ProfileDocument) -> None:
    """Put the document into the reader's row as it stands in memory; `reader.interests` keeps its words if they say the same."""
    if parse(reader.interests) != (document.interests, document.not_interests):
        reader.interests = as_sentence(document)
    reader.wishes = as_json(document)
    reader.serendipity, reader.frequency = document.serendipity, document.frequency


def change(reader_id: int, how: Callable[[ProfileDocument], ProfileDocument]) -> bool:
    """Change the stored document, one change at a time; False where there is no such reader."""
    with transaction.atomic():
        reader = Reader.objects.select_for_update().filter(pk=reader_id).first()
        if reader is None:
            return False
        adopt(reader, how(document_of(reader)))
        reader.save(update_fields=["interests", "wishes", "serendipity", "frequency"])
        return True


def as_json(document: ProfileDocument) -> dict[str, Any]:
    """What of it has no column, as JSON types; empty lists are left out."""
    told: Mapping[str, Any] = {name: list(getattr(document, name)) for name in _IN_JSON}
    rests = {key: {name: day.isoformat() for name, day in getattr(document, key).items()} for key in SNOOZES}
    return {name: value for name, value in {**told, **rests}.items() if value}


def as_sentence(document: ProfileDocument) -> str:
    """The interests as a reader would write them: "sleep; not crypto prices"."""
    return "; ".join([*document.interests, *(f"not {phrase}" for phrase in document.not_interests)])
