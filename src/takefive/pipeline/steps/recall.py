"""What a feed's items were at the last poll, so that those that stand as they did are not read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from takefive.episodes.reconcile import KnownEpisode, still_open
from takefive.feeds.fetch import FeedAnswer, read_whole
from takefive.feeds.values import ParsedFeed
from takefive.store.models import FeedMarks, Podcast


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


def keep(podcast: Podcast, feed: ParsedFeed, ids: Mapping[int, int]) -> None:
    """Remember which item is which episode; `ids` has our id for the mark of each item that was read and kept."""
    before = _ids(podcast)
    now = {mark: before[mark] for mark in feed.unchanged if mark in before}
    now |= {mark: episode_id for mark, episode_id in ids.items() if mark}
    if now != before:
        row = FeedMarks(podcast=podcast)
        row.episodes = now
        row.save()


def _ids(podcast: Podcast) -> dict[int, int]:
    row = FeedMarks.objects.filter(podcast=podcast).first()
    return row.episodes if row is not None else {}
