"""What a feed's items were at the last poll, so that those that stand as they did are not read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from takefive.episodes.reconcile import KnownEpisode, still_open
from takefive.feeds.fetch import FeedAnswer, read_whole
from takefive.feeds.values import ParsedFeed
from takefive.store.models import FeedMarks, Podcast

_SAVE = """
INSERT INTO store_feedmarks (podcast_id, packed) SELECT * FROM unnest(%s::bigint[], %s::bytea[])
ON CONFLICT (podcast_id) DO UPDATE SET packed = EXCLUDED.packed WHERE store_feedmarks.packed <> EXCLUDED.packed
"""


_EPISODES = """
SELECT podcast_id, id, guid, title, audio_url, published_at, digest, public_id
FROM store_episode WHERE podcast_id = ANY(%s)
"""


def episodes(podcasts: Iterable[Podcast]) -> dict[int, list[tuple[Any, ...]]]:
    """What a `KnownEpisode` takes of each of their episodes, and the name of its page; by the podcast's id."""
    found: dict[int, list[tuple[Any, ...]]] = {podcast.pk: [] for podcast in podcasts}
    with connection.cursor() as cursor:
        cursor.execute(_EPISODES, [list(found)])
        for podcast_id, *row in cursor.fetchall():
            found[podcast_id].append(tuple(row))
    return found


def known(podcasts: Iterable[Podcast]) -> dict[int, frozenset[int]]:
    """For each podcast, by its id, the marks of the items that we know."""
    rows = FeedMarks.objects.filter(podcast__in=[podcast.pk for podcast in podcasts])
    return {row.pk: frozenset(row.episodes) for row in rows}


def to_compare(
    podcast: Podcast, answer: FeedAnswer, episodes: Sequence[KnownEpisode]
) -> tuple[ParsedFeed, Sequence[KnownEpisode]]:
    """The feed, and the episodes that its items may be: only what changed where that is enough, else all of both."""
    feed = answer.feed
    assert feed is not None
    if feed.unchanged:
        rest = still_open(episodes, feed, _ids(podcast))
        if rest is not None:
            return feed, rest
        feed = read_whole(answer) or feed
    return feed, episodes


def keep(read: Iterable[tuple[Podcast, ParsedFeed, Mapping[int, int]]]) -> None:
    """Remember which item is which episode; the last has our id for the mark of each item that was read and kept."""
    rows = [_marks(podcast, feed, ids) for podcast, feed, ids in read]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [[row.pk for row in rows], [bytes(row.packed) for row in rows]])


def _marks(podcast: Podcast, feed: ParsedFeed, ids: Mapping[int, int]) -> FeedMarks:
    before = _ids(podcast) if feed.unchanged else {}
    row = FeedMarks(podcast=podcast)
    row.episodes = {mark: before[mark] for mark in feed.unchanged if mark in before} | {
        mark: episode_id for mark, episode_id in ids.items() if mark
    }
    return row


def _ids(podcast: Podcast) -> dict[int, int]:
    row = FeedMarks.objects.filter(podcast=podcast).first()
    return row.episodes if row is not None else {}
