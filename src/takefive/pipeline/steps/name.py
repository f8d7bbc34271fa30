"""New insights -> their topics and people, each the same wherever it is spoken of (store/entities.py, relations/entities.py).

Beside `relate`, on which it does not wait. Of hidden shows nothing is named; a show that is shown again is named then. What
others' names rested on may be deleted or hidden: the database notes it, and `settle` links those anew. A crash: nothing was
saved, and the sweep finds the episode unnamed, or the notes.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from takefive.store import entities
from takefive.store.models import Episode


def waiting() -> list[int]:
    """Episodes of shown podcasts with insights that were not named yet."""
    found = Episode.objects.filter(stage__in=(Episode.Stage.EXTRACTED, Episode.Stage.RELATED), named_at=None)
    return list(found.filter(podcast__private=False, podcast__blocked=False).values_list("pk", flat=True))


def run(episode_id: int, *, now: datetime) -> None:
    """Name an episode's insights."""
    with transaction.atomic():
        entities.name([episode_id])
        Episode.objects.filter(pk=episode_id).update(named_at=now)


def stale() -> bool:
    """Whether names must be looked at again because others went."""
    return entities.stale()


def settle() -> None:
    """Name anew whatever rested on what was deleted or hidden."""
    entities.settle()
