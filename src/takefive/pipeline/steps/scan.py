"""Podcasts that are due -> episodes.

A crash: the feeds are claimed for ten minutes, each is saved in a transaction of its own, and one half done is polled again.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from takefive.common.http import GuardedClient
from takefive.feeds.apart import readers
from takefive.feeds.fetch import FeedAnswer, FeedRequest, fetch_feed, fetch_feeds
from takefive.feeds.follow import with_move, with_older_pages
from takefive.feeds.schedule import needs_full, next_poll
from takefive.pipeline.steps import outside, recall, settle, take
from takefive.pipeline.steps.take import Then
from takefive.store.models import Podcast

log = logging.getLogger(__name__)

BATCH = 500
_CLAIM = timedelta(minutes=10)
_MANY_NEW = 20  # feeds that nobody has read yet: for fewer no process is started to read them
_AT_ONCE = 10  # answers that are taken together, and new feeds that are saved in one transaction
_TOGETHER = 100  # feeds with nothing new that are saved at once


def run(*, now: datetime, then: Then) -> None:
    """Poll the feeds that are due, hundreds at once; `then` is called with each episode to transcribe, in its transaction."""
    podcasts = {podcast.feed_url: podcast for podcast in _claim(now)}
    if not podcasts:
        return
    known = recall.known(podcasts.values())
    requests = [_request(podcast, known.get(podcast.pk, frozenset()), now) for podcast in podcasts.values()]
    quiet: list[Podcast] = []
    for answers in outside.as_they_come(_ask(podcasts, requests), most=_AT_ONCE):
        told = [(podcasts[answer.request.url], answer) for answer in answers]
        quiet += [podcast for podcast, answer in told if _is_quiet(answer)]
        _save_all([(podcast, answer) for podcast, answer in told if not _is_quiet(answer)], now, then)
        if len(quiet) >= _TOGETHER:
            settle.unchanged(quiet, now)
            quiet.clear()
    settle.unchanged(quiet, now)


def _is_quiet(answer: FeedAnswer) -> bool:
    return answer.outcome == "unchanged" and answer.moved_to is None


def _claim(now: datetime) -> list[Podcast]:
    """Take what is due for ourselves, so that two scanners never poll one feed at once."""
    with transaction.atomic():
        rows = Podcast.objects.due(now).select_related("subscription")
        due = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        Podcast.objects.filter(pk__in=[podcast.pk for podcast in due]).update(next_poll_at=now + _CLAIM)
    return due


def _request(podcast: Podcast, known: frozenset[int], now: datetime) -> FeedRequest:
    return FeedRequest(
        url=podcast.feed_url,
        etag=podcast.etag or None,
        last_modified=podcast.last_modified or None,
        full=needs_full(now, podcast.full_fetch_at, podcast.polled_at),
        known=known,
    )


async def _ask(podcasts: Mapping[str, Podcast], requests: Iterable[FeedRequest]) -> AsyncGenerator[FeedAnswer]:
    first = sum(podcast.full_fetch_at is None for podcast in podcasts.values())
    beside = readers(settings.FEED_READERS) if first >= _MANY_NEW else None

    async def ask(client: GuardedClient, request: FeedRequest) -> FeedAnswer:
        podcast = podcasts[request.url]
        if podcast.full_fetch_at is None:
            return await with_older_pages(client, await fetch_feed(client, request, beside))
        answer = await fetch_feed(client, request)
        return answer if podcast.private else await with_move(client, answer)

    async with outside.client() as client:
        async for answer in fetch_feeds(client, requests, ask=ask):
            yield answer


def _save_all(told: Iterable[tuple[Podcast, FeedAnswer]], now: datetime, then: Then) -> None:
    """New feeds in one transaction, which waits and asks less; where that fails, and all others, each in its own."""
    each, new = list[tuple[Podcast, FeedAnswer]](), list[tuple[Podcast, FeedAnswer]]()
    for podcast, answer in told:
        (new if podcast.full_fetch_at is None and answer.feed is not None else each).append((podcast, answer))
    try:
        _save(new, now, then)
    except Exception as error:
        log.debug("%s new feeds are saved one by one: %s", len(new), type(error).__name__)
        each += new
    for podcast, answer in each:
        _save_or_note(podcast, answer, now, then)


def _save(told: Collection[tuple[Podcast, FeedAnswer]], now: datetime, then: Then) -> None:
    if told:
        with settle.saving():
            take.answers(told, now, then)


def _save_or_note(podcast: Podcast, answer: FeedAnswer, now: datetime, then: Then) -> None:
    """What cannot be saved of one feed costs one line on its row; the others of the batch are saved."""
    try:
        _save([(podcast, answer)], now, then)
    except Exception as error:
        log.error("podcast %s: a fault of ours", podcast.pk, exc_info=None if podcast.private else error)
        failures = podcast.failures + 1
        Podcast.objects.filter(pk=podcast.pk).update(
            polled_at=now,
            failures=failures,
            error=f"{type(error).__name__}: a fault of ours; the log says more",
            next_poll_at=next_poll(now=now, published=(), failures=failures, retry_after=None, jitter=random.random()),
        )
