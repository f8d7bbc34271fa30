"""Episodes that have only audio -> those that speech recognition may hear, within the day's budget.

A crash: the choice is one transaction; what was not chosen is looked at again a minute later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from takefive.episodes.budget import Budget, Offer, choose
from takefive.feeds.values import ParsedEpisode
from takefive.pipeline.tastes import followers as followers_of
from takefive.store.models import Episode

_DAY = timedelta(hours=24)  # the last ones, not since midnight: so a laptop that wakes once a day has all of it
_STILL_NEWS = timedelta(days=14)  # what found no room for so long is never chosen
_LOOKED_AT = 5_000
_LOCK = 5_2027  # an advisory one: two choosing at once would spend the budget twice


def run(*, now: datetime, then: Callable[[int], None]) -> None:
    """Move the best of the offered episodes to those picked; `then` is called with each, in the same transaction."""
    Episode.objects.filter(stage=Episode.Stage.OFFERED, created_at__lte=now - _STILL_NEWS).update(
        stage=Episode.Stage.SKIPPED
    )
    if not settings.SPEECH or not Episode.objects.filter(stage=Episode.Stage.OFFERED).exists():
        return
    followers = followers_of()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        waiting = Episode.objects.filter(stage=Episode.Stage.OFFERED).order_by("-created_at")[:_LOOKED_AT]
        spent = Episode.objects.filter(chosen_at__gt=now - _DAY)
        offers = {id(offer): (episode, offer) for episode, offer in _offers(waiting, followers)}
        taken = choose(
            [offer for _, offer in offers.values()],
            _budget(),
            now=now,
            spent=[offer for _, offer in _offers(spent, followers)],
        )
        for offer in taken:
            episode, _ = offers[id(offer)]
            if _pick(episode, now):
                then(episode.pk)


def _budget() -> Budget:
    return Budget(
        minutes=settings.AUDIO_MINUTES,
        minutes_each=settings.AUDIO_MINUTES_EACH,
        megabytes=settings.AUDIO_MEGABYTES,
        megabytes_each=settings.AUDIO_MEGABYTES_EACH,
        cents=settings.AUDIO_CENTS,
        cents_each=settings.AUDIO_CENTS_EACH,
        cents_per_hour=settings.AUDIO_CENTS_PER_HOUR,
    )


def _offers(episodes: QuerySet[Episode], followers: Counter[int]) -> Iterator[tuple[Episode, Offer]]:
    for episode in episodes.select_related("podcast").defer("description", "podcast__description"):
        # Whoever added a private feed pays for it: that is a follow too.
        many = followers[episode.podcast_id] + episode.podcast.private
        yield episode, Offer(podcast=episode.podcast_id, episode=_as_parsed(episode), followers=many)


def _as_parsed(episode: Episode) -> ParsedEpisode:
    return ParsedEpisode(
        guid=episode.guid,
        title=episode.title,
        raw_summary=episode.summary,
        published=episode.published_at,
        audio_url=episode.audio_url,
        audio_bytes=episode.audio_bytes,
        duration=episode.duration,
        kind=episode.kind,
    )


def _pick(episode: Episode, now: datetime) -> int:
    return Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.OFFERED).update(
        stage=Episode.Stage.PICKED, chosen_at=now, next_try_at=now, attempts=0, error=""
    )
