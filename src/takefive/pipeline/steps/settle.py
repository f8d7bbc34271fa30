"""Feeds that had nothing new: all of a batch are saved in one statement, since they are nearly all that is polled."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction

from takefive.feeds.schedule import next_poll
from takefive.store.models import Podcast

RECENT = 50  # publishing times that a feed's rhythm is learnt from
_SAVE = """
UPDATE store_podcast SET polled_at = %s, failures = 0, error = '', next_poll_at = due.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS due (id, at) WHERE store_podcast.id = due.id
"""
# As seconds in an array: a thousand feeds have fifty thousand times, and a row for each costs more than all the rest.
_NEWEST = """
SELECT podcast.id, ARRAY(
    SELECT extract(epoch FROM published_at)::float8 FROM store_episode
    WHERE store_episode.podcast_id = podcast.id AND published_at IS NOT NULL ORDER BY published_at DESC LIMIT %s
) FROM unnest(%s::bigint[]) AS podcast (id)
"""


@contextmanager
def saving() -> Iterator[None]:
    """A transaction that does not wait for the disk. Lost with a machine that dies, it leaves its feeds to be polled again."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        yield


def unchanged(podcasts: Sequence[Podcast], now: datetime) -> None:
    """Note for each that it was asked and had nothing new, and when to ask it again."""
    times, pushed = published(podcasts), _pushed(podcasts, now)
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
    with saving(), connection.cursor() as cursor:
        cursor.execute(_SAVE, [now, [podcast.pk for podcast in podcasts], due])


def _pushed(podcasts: Iterable[Podcast], now: datetime) -> set[int]:
    """Those whose hub tells us of changes."""
    live = Podcast.objects.filter(pk__in=[p.pk for p in podcasts], subscription__leased_until__gt=now)
    return set(live.values_list("pk", flat=True))


def newest(times: Iterable[datetime | None]) -> list[datetime]:
    """Of the publishing times of one podcast those that `published` gives."""
    return sorted(filter(None, times), reverse=True)[:RECENT]


def published(podcasts: Iterable[Podcast]) -> dict[int, list[datetime]]:
    """The newest publishing times of each, by its id."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [RECENT, [podcast.pk for podcast in podcasts]])
        return {pk: [datetime.fromtimestamp(time, UTC) for time in times] for pk, times in cursor.fetchall()}
