"""A reader's profile as a plain document (briefs/profile.py), out of their row and into it.

Interests, surprises and frequency have columns of their own; everything else they told is one JSON object: its lists by name,
and what rests (`snooze_podcasts` and the like) with days as text. Interests are a sentence that the reader may type; lists that
this sentence does not say by itself are kept as lists too, and hold for what of them still stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from takefive.accounts.models import Reader
from takefive.briefs.interests import parse, reread, sentence
from takefive.briefs.profile import LISTS, SNOOZES, ProfileDocument

_SAID = ("interests", "not_interests")
_IN_JSON = tuple(name for name in LISTS if name not in _SAID)


def document_of(reader: Reader) -> ProfileDocument:
    """All that the reader told."""
    wanted, unwanted = reread(reader.interests, *(reader.wishes.get(name, ()) for name in _SAID))
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
        openings=reader.wishes.get("openings") is True,
        **rests,
    )


def adopt(reader: Reader, document: ProfileDocument) -> None:
    """Put the document into the reader's row as it stands in memory; `reader.interests` keeps its words if they say the same."""
    told = (document.interests, document.not_interests)
    if reread(reader.interests, *told) != told:
        reader.interests = sentence(*told)
    as_lists = {} if parse(reader.interests) == told else dict(zip(_SAID, map(list, told), strict=True))
    reader.wishes = as_json(document) | as_lists
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
    """What of it has no column, as JSON types; empty lists and what is off are left out."""
    told: Mapping[str, Any] = {name: list(getattr(document, name)) for name in _IN_JSON}
    rests = {key: {name: day.isoformat() for name, day in getattr(document, key).items()} for key in SNOOZES}
    return {name: value for name, value in {**told, **rests, "openings": document.openings}.items() if value}
