"""Podcasts that are due -> episodes.

A crash: the feeds are claimed for ten minutes, each is saved in a transaction of its own, and one half done is polled again.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from takefive.common.http import GuardedClient
from takefive.episodes.pick import pick
from takefive.episodes.reconcile import KnownEpisode, other_transcripts, reconcile
from takefive.feeds.apart import readers
from takefive.feeds.fetch import FeedAnswer, FeedRequest, fetch_feed, fetch_feeds
from takefive.feeds.follow import with_move, with_older_pages
from takefive.feeds.schedule import needs_full, next_poll
from takefive.feeds.values import ParsedEpisode, ParsedFeed, TranscriptLink
from takefive.pipeline.steps import columns, move, opt_out, outside, recall, settle, subscribe
from takefive.store.models import Episode, Podcast
from takefive.store.models.publicids import public_id

log = logging.getLogger(__name__)

BATCH = 500
_CLAIM = timedelta(minutes=10)
_GONE_FOR_GOOD = 3  # answers "gone" in a row: servers also say it by mistake
_GONE = "its publisher says that this feed is gone for good (410)"
_STILL_NEWS = timedelta(days=30)  # so long a transcript that comes late is waited for
_MANY_NEW = 20  # feeds that nobody has read yet: for fewer no process is started to read them
_AT_ONCE = 10  # answers that are taken together, and new feeds that are saved in one transaction
_TOGETHER = 100  # feeds with nothing new that are saved at once

Then = Callable[[int], None]


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
        full=needs_full(now, podcast.full_fetch_at),
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
        _save_together(new, now, then)
    except Exception as error:
        log.debug("%s new feeds are saved one by one: %s", len(new), type(error).__name__)
        each += new
    for podcast, answer in each:
        _save_or_note(podcast, answer, now, then)


def _save_together(new: Collection[tuple[Podcast, FeedAnswer]], now: datetime, then: Then) -> None:
    if new:
        with settle.saving():
            for podcast, answer in new:
                _save(podcast, answer, now, then)


def _save_or_note(podcast: Podcast, answer: FeedAnswer, now: datetime, then: Then) -> None:
    """What cannot be saved of one feed costs one line on its row; the others of the batch are saved."""
    try:
        with settle.saving():
            _save(podcast, answer, now, then)
    except Exception as error:
        log.error("podcast %s: a fault of ours", podcast.pk, exc_info=None if podcast.private else error)
        failures = podcast.failures + 1
        Podcast.objects.filter(pk=podcast.pk).update(
            polled_at=now,
            failures=failures,
            error=f"{type(error).__name__}: a fault of ours; the log says more",
            next_poll_at=next_poll(now=now, published=(), failures=failures, retry_after=None, jitter=random.random()),
        )


def _save(podcast: Podcast, answer: FeedAnswer, now: datetime, then: Then) -> None:
    found = Podcast.objects.locked(podcast.pk)
    if found is None:
        return  # removed while it was asked
    subscribe.hand_over(podcast, found)
    podcast, published = found, None
    if answer.outcome in ("failed", "gone"):
        _note_failure(podcast, answer, now)
    else:
        _note_success(podcast, answer, now)
    if answer.feed is not None:
        published = _save_episodes(podcast, answer, now, then)
        _describe(podcast, answer.feed, now)
        subscribe.keep(podcast, answer.feed)
    podcast.next_poll_at = _when_next(podcast, answer, published, now)
    podcast.write()


def _note_failure(podcast: Podcast, answer: FeedAnswer, now: datetime) -> None:
    before, podcast.polled_at = podcast.error, now
    gone = answer.outcome == "gone"
    said = _GONE if gone else answer.error
    podcast.error = outside.discreet(said, private=podcast.private)[:500]
    # Of a feed that is gone only the answers that say so are counted: by the third in a row we believe it.
    podcast.failures = 1 if gone and podcast.error != before else podcast.failures + 1
    if gone and podcast.failures >= _GONE_FOR_GOOD:
        podcast.retired_at, podcast.error = now, f"given up: {podcast.error}"
    log.warning("%s: %s (will %sbe tried again)", podcast, podcast.error, "not " if podcast.retired_at else "")


def _note_success(podcast: Podcast, answer: FeedAnswer, now: datetime) -> None:
    podcast.polled_at = now
    podcast.failures, podcast.error = 0, ""
    if answer.outcome == "changed":
        podcast.full_fetch_at = now
        podcast.etag, podcast.last_modified = answer.etag or "", answer.last_modified or ""
    move.follow(podcast, answer, now)


def _when_next(podcast: Podcast, answer: FeedAnswer, published: Sequence[datetime] | None, now: datetime) -> datetime:
    return next_poll(
        now=now,
        published=settle.published([podcast])[podcast.pk] if published is None else published,
        failures=podcast.failures,
        retry_after=answer.retry_after,
        hub=podcast.is_pushed(now),
        jitter=random.random(),
    )


def _describe(podcast: Podcast, feed: ParsedFeed, now: datetime) -> None:
    podcast.title, podcast.description = feed.title, feed.description
    podcast.author, podcast.link = feed.author or "", feed.link or ""
    podcast.image, podcast.language = feed.image or "", (feed.language or "")[:35]
    podcast.guid, podcast.blocked = feed.podcast_guid or "", feed.blocked or feed.opt_out
    opt_out.heed(podcast, asked=feed.opt_out, now=now)


def _save_episodes(podcast: Podcast, answer: FeedAnswer, now: datetime, then: Then) -> list[datetime]:
    """When its newest episodes were published, of those that were here and those that came."""
    rows = recall.episodes(podcast)
    known, pages = [KnownEpisode(*row[:-1]) for row in rows], {row[-1] for row in rows}
    feed, others = recall.to_compare(podcast, answer, known)
    changes = reconcile(others, feed)
    ids = {item.mark: episode_id for episode_id, item in changes.found}
    picked = {id(item) for item in pick(changes.new, first_scan=not known, now=now, backlog=settings.BACKLOG)}
    heeded = answer.feed is not None and answer.feed.opt_out
    new = [
        {
            "podcast_id": podcast.pk,
            "guid": item.guid,
            "public_id": _page(podcast, item, pages),
            "stage": _stage(item) if id(item) in picked and not heeded else Episode.Stage.SKIPPED,
            "error": opt_out.HEEDED if id(item) in picked and heeded else "",
            "next_try_at": now,
            **columns.of(item),
        }
        for item in changes.new
    ]
    made = Episode.objects.insert(new) if new else {}
    for item, row in zip(changes.new, new, strict=True):
        ids[item.mark] = made[item.guid]
        if row["stage"] == Episode.Stage.PICKED:
            then(made[item.guid])
    for episode_id, item in changes.edited:
        _edit(Episode.objects.get(pk=episode_id), item, now, then)
    for episode_id, url in changes.audio_moved:  # a signed address that changes each time is no edit
        Episode.objects.filter(pk=episode_id).update(audio_url=url)
    recall.keep(podcast, feed, ids)
    times = {one.id: one.published for one in known} | {pk: item.published for pk, item in changes.edited}
    return settle.newest([*times.values(), *(item.published for item in changes.new)])


def _stage(item: ParsedEpisode) -> str:
    """A publisher's transcript is read at once; audio waits until the day's budget has room for it (choose.py)."""
    return Episode.Stage.PICKED if item.transcripts else Episode.Stage.OFFERED


def _page(podcast: Podcast, item: ParsedEpisode, taken: Collection[str]) -> str:
    """The name of its page: made from its GUID, unless an episode that bore this GUID once has that page."""
    name = public_id("episode", podcast.feed_url, item.guid)
    return public_id("episode", podcast.feed_url, item.guid, item.title, item.published) if name in taken else name


def _edit(episode: Episode, item: ParsedEpisode, now: datetime, then: Then) -> None:
    rows = Episode.objects.filter(pk=episode.pk)
    if _hopes_again(episode, item, now):
        rows.update(stage=Episode.Stage.PICKED, attempts=0, error="", next_try_at=now)
        then(episode.pk)
    rows.update(guid=item.guid, **columns.of(item))


def _hopes_again(episode: Episode, item: ParsedEpisode, now: datetime) -> bool:
    """Whether an edit brings a transcript to an episode that had none to use: they often come after the audio."""
    if not other_transcripts([TranscriptLink(**link) for link in episode.transcripts], item):
        return False
    recent = item.published is not None and now - item.published < _STILL_NEWS
    failed = episode.stage == Episode.Stage.FAILED and recent
    offered = episode.stage == Episode.Stage.OFFERED
    return failed or offered or (episode.stage == Episode.Stage.PICKED and episode.error != "")
