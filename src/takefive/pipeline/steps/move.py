"""A feed that has moved for good: followed where what lies there is provably the show we know."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Q

from takefive.common.addresses import looks_private, redacted
from takefive.episodes.reconcile import stored_guid
from takefive.feeds.fetch import FeedAnswer
from takefive.feeds.values import ParsedFeed
from takefive.store.models import Podcast

log = logging.getLogger(__name__)


def follow(podcast: Podcast, answer: FeedAnswer, now: datetime) -> None:
    """Keep the new address on the row, which the caller saves. Where that is followed already this row is given up."""
    there = answer.moved_to
    if there is None or there == podcast.feed_url or not same_show(podcast, answer.feed):
        return
    if Podcast.objects.exclude(pk=podcast.pk).filter(feed_url=there).exists():
        podcast.retired_at = now
        podcast.error = f"given up: it has moved to {redacted(there)}, which is followed already"
        log.warning("%s: %s", podcast, podcast.error)
        return
    log.info("%s has moved for good to %s", podcast, redacted(there))
    podcast.feed_url = there
    podcast.private = podcast.private or looks_private(there)


def same_show(podcast: Podcast, feed: ParsedFeed | None) -> bool:
    """Whether a feed is the show we know: its title or GUID, and an episode of it. Never said of a private one."""
    if feed is None or podcast.private:
        return False
    if feed.title != podcast.title and (not podcast.guid or feed.podcast_guid != podcast.guid):
        return False
    marks = Q(guid__in={stored_guid(item.guid) for item in feed.items})
    marks |= Q(audio_url__in={item.audio_url for item in feed.items if item.audio_url})
    marks |= Q(
        title__in={item.title for item in feed.items}, published_at__in={i.published for i in feed.items if i.published}
    )
    return podcast.episodes.filter(marks).exists()
