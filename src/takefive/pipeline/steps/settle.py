"""Feeds that had nothing new: all of a batch are saved in one statement, since they are nearly all that is polled."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from takefive.feeds.schedule import next_poll
from takefive.store.models import Episode, Podcast

RECENT = 50  # publishing times that a feed's rhythm is learnt from
_SAVE = """
UPDATE store_podcast SET polled_at = %s, failures = 0, error = '', next_poll_at = due.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS due (id, at) WHERE store_podcast.id = due.id
"""


def without_waiting() -> None:
    """Let this transaction not wait for the disk. Lost with a machine that dies, it leaves its feeds to be polled again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def unchanged(podcasts: Sequence[Podcast], now: datetime) -> None:
    """Note for each that it was asked and had nothing new, and when to ask it again."""
    times, pushed = _published(podcasts), _pushed(podcasts, now)
    due = [
        next_poll(
            now=now,
            published=times[podcast.pk],
            failures=0,
            retry_after=None,
            hub=podcast.pk in pushed,
            jitter=random.random(),
        )
        for podcast in podcasts
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        without_waiting()
        cursor.execute(_SAVE, [now, [podcast.pk for podcast in podcasts], due])


def _pushed(podcasts: Iterable[Podcast], now: datetime) -> set[int]:
    """Those whose hub tells us of changes."""
    live = Podcast.objects.filter(pk__in=[p.pk for p in podcasts], subscription__leased_until__gt=now)
    return set(live.values_list("pk", flat=True))


def _published(podcasts: Iterable[Podcast]) -> dict[int, list[datetime]]:
    """The newest publishing times of each."""
    place = Window(RowNumber(), partition_by=F("podcast_id"), order_by=F("published_at").desc())
    dated = Episode.objects.filter(podcast__in=[p.pk for p in podcasts], published_at__isnull=False)
    times = defaultdict[int, list[datetime]](list)
    for podcast_id, time in (
        dated.annotate(place=place).filter(place__lte=RECENT).values_list("podcast_id", "published_at")
    ):
        if time:
            times[podcast_id].append(time)
    return times
