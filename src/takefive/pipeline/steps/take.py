"""What feeds answered -> their rows and those of their episodes: a statement of each kind for all of them together."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from takefive.episodes.pick import pick
from takefive.episodes.reconcile import Changes, KnownEpisode, other_transcripts, reconcile
from takefive.feeds.fetch import FeedAnswer
from takefive.feeds.schedule import next_poll
from takefive.feeds.values import ParsedEpisode, ParsedFeed, TranscriptLink
from takefive.pipeline.steps import columns, move, opt_out, outside, recall, settle, subscribe
from takefive.store.models import Episode, Podcast
from takefive.store.models.publicids import public_id

log = logging.getLogger(__name__)

_GONE_FOR_GOOD = 3  # answers "gone" in a row: servers also say it by mistake
_GONE = "its publisher says that this feed is gone for good (410)"
_STILL_NEWS = timedelta(days=30)  # so long a transcript that comes late is waited for

Then = Callable[[int], None]
Told = tuple[Podcast, FeedAnswer]


def answers(told: Collection[Told], now: datetime, then: Then) -> None:
    """Save what came of each podcast, in the caller's transaction; `then` is called with each episode to transcribe.

    One that was removed while it was asked is passed over.
    """
    locked = Podcast.objects.locked([podcast.pk for podcast, _ in told])
    here = [(locked[before.pk], answer) for before, answer in told if before.pk in locked]
    for before, _ in told:
        if before.pk in locked:
            subscribe.hand_over(before, locked[before.pk])
    for podcast, answer in here:
        note = _note_failure if answer.outcome in ("failed", "gone") else _note_success
        note(podcast, answer, now)
    read = [(podcast, answer) for podcast, answer in here if answer.feed is not None]
    published = _save_episodes(read, now, then) if read else {}
    for podcast, answer in here:
        if answer.feed is not None:
            _describe(podcast, answer.feed, now)
            subscribe.keep(podcast, answer.feed)
        podcast.next_poll_at = _when_next(podcast, answer, published.get(podcast.pk), now)
    Podcast.objects.write([podcast for podcast, _ in here])


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What one feed changes: `new` are the rows of `changes.new`."""

    podcast: Podcast
    feed: ParsedFeed
    known: Sequence[KnownEpisode]
    changes: Changes
    new: list[dict[str, Any]]


def _save_episodes(told: Iterable[Told], now: datetime, then: Then) -> dict[int, list[datetime]]:
    """When the newest episodes of each were published, of those that were here and those that came; by its id."""
    rows = recall.episodes(podcast for podcast, _ in told)
    plans = [_plan(podcast, answer, rows[podcast.pk], now) for podcast, answer in told]
    made = Episode.objects.insert(row for plan in plans for row in plan.new)
    for plan in plans:
        _carry_out(plan, made, now, then)
    recall.keep([(plan.podcast, plan.feed, _ids(plan, made)) for plan in plans])
    return {plan.podcast.pk: _published(plan) for plan in plans}


def _plan(podcast: Podcast, answer: FeedAnswer, rows: Sequence[tuple[Any, ...]], now: datetime) -> _Plan:
    known, pages = [KnownEpisode(*row[:-1]) for row in rows], {row[-1] for row in rows}
    feed, others = recall.to_compare(podcast, answer, known)
    changes = reconcile(others, feed)
    worth = pick(changes.new, first_scan=not known, now=now, backlog=settings.BACKLOG, medium=feed.medium)
    picked = {id(item) for item in worth}
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
    return _Plan(podcast=podcast, feed=feed, known=known, changes=changes, new=new)


def _carry_out(plan: _Plan, made: Mapping[tuple[int, str], int], now: datetime, then: Then) -> None:
    for row in plan.new:
        if row["stage"] == Episode.Stage.PICKED:
            then(made[plan.podcast.pk, row["guid"]])
    for episode_id, item in plan.changes.edited:
        _edit(Episode.objects.get(pk=episode_id), item, now, then)
    for episode_id, url in plan.changes.audio_moved:  # a signed address that changes each time is no edit
        Episode.objects.filter(pk=episode_id).update(audio_url=url)


def _ids(plan: _Plan, made: Mapping[tuple[int, str], int]) -> dict[int, int]:
    """Our id of the episode that each item is, by the item's mark."""
    found = {item.mark: episode_id for episode_id, item in plan.changes.found}
    return found | {item.mark: made[plan.podcast.pk, item.guid] for item in plan.changes.new}


def _published(plan: _Plan) -> list[datetime]:
    times = {one.id: one.published for one in plan.known}
    times |= {episode_id: item.published for episode_id, item in plan.changes.edited}
    return settle.newest([*times.values(), *(item.published for item in plan.changes.new)])


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
