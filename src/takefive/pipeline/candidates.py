"""The insights that a brief may choose from, read once for many readers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import numpy as np
from django.db.models import Case, Count, Max, Q, When

from takefive.accounts.models import Reader
from takefive.briefs.news import MANY
from takefive.briefs.pool import Pool
from takefive.briefs.values import Candidate
from takefive.pipeline.remembered import LONGEST_ABSENCE
from takefive.pipeline.tastes import followers
from takefive.pipeline.voices import Voices, voices_of
from takefive.store import shown
from takefive.store.models import Insight, VectorIndex

Languages = frozenset[str]

EVERY_LANGUAGE: Languages = frozenset()
WINDOW = timedelta(days=7)
ABSENCES = (timedelta(days=14), timedelta(days=30), LONGEST_ABSENCE)
_MOST = 5_000
_KEPT = 300  # seconds
_HEAVY = ("search", "episode__description", "episode__summary", "episode__podcast__description")  # asked for by nothing


def candidates(now: datetime, languages: Languages = EVERY_LANGUAGE) -> Pool:
    """The insights found in the last week that anyone may see, one for each point, newest first; of these languages alone.

    Of more than `_MOST` the newest, and with them the newest of the shows that readers follow.
    Beside them, as news for who was sent their point, those with which a point got many voices.
    """
    return _pool(now, WINDOW, "-created_at", languages)


def recent(now: datetime, languages: Iterable[str] = ()) -> Pool:
    """`candidates` as of some minutes ago, but for insights found since: for pages, where a visitor waits and anyone may ask.

    What was hidden in those minutes is still among them; pages show nothing hidden anyway.
    """
    newest = Insight.objects.aggregate(newest=Max("pk"))["newest"]
    index = VectorIndex.objects.aggregate(newest=Max("pk"))["newest"]  # other vectors, other candidates
    return _recent(int(now.timestamp()) // _KEPT, (newest, index), read_by(languages))


@lru_cache(maxsize=3)
def _recent(minutes: int, _newest: tuple[int | None, int | None], languages: Languages) -> Pool:
    return candidates(datetime.fromtimestamp(minutes * _KEPT, tz=UTC), languages)


def read_by(languages: Iterable[str]) -> Languages:
    """The languages as they are compared: "pt-BR" is read by who reads "pt". None told means every language."""
    return frozenset(language.casefold().split("-")[0] for language in languages)


def _pool(now: datetime, window: timedelta, order: str, languages: Languages) -> Pool:
    many = Insight.objects.annotate(others=Count("said_also")).filter(others__gte=MANY - 1)
    found = (
        (shown.points() | shown.insights().filter(same_as__in=many.values("pk")))
        .defer(None)
        .defer(*_HEAVY)
        .filter(_in(languages), created_at__gte=now - window)
        .exclude(vector=None)
        .annotate(hidden=Case(When(shown.HIDDEN, then=True), default=False))
        .order_by(order, "pk")
    )
    rows = list(found[:_MOST])
    if len(rows) == _MOST:
        rows = list({row.pk: row for row in [*rows, *found.filter(episode__podcast__in=followers())[:_MOST]]}.values())
    heard = voices_of({row.same_as_id or row.pk for row in rows})
    return Pool.of([_candidate(row, heard.get(row.same_as_id or row.pk, Voices())) for row in rows], now)


class Pools:
    """The candidates of one moment: those of the last week, and for who was away, those of their absence."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._week = cache(lambda languages: candidates(now, languages))
        self._long = cache(lambda languages, window: _pool(now, window, "-score", languages))

    def of(self, day: date, last_day: date | None, languages: Iterable[str] = ()) -> Pool:
        """What a brief of `day` chooses from, for a reader of these languages whose last brief was on `last_day`."""
        away = timedelta(0) if last_day is None else min(day - last_day, LONGEST_ABSENCE)
        if away <= WINDOW:
            return self._week(read_by(languages))
        window = next(window for window in ABSENCES if away <= window)  # few of them, each read once
        long, since = self._long(read_by(languages), window), self._now - away
        return long.only(np.flatnonzero([(c.found or since) >= since for c in long.candidates]))


def for_reader(reader: Reader, day: date, now: datetime) -> Pool:
    """What one reader's brief of `day` chooses from."""
    last_day = reader.briefs.filter(day__lt=day).aggregate(last=Max("day"))["last"] if reader.pk else None
    return Pools(now).of(day, last_day, reader.wishes.get("languages", ()))


def _in(languages: Languages) -> Q:
    """Insights of shows in these languages, or of shows that do not say theirs."""
    if not languages:
        return Q()
    any_of = Q(episode__podcast__language="")
    for language in languages:
        any_of |= Q(episode__podcast__language__iexact=language)
        any_of |= Q(episode__podcast__language__istartswith=f"{language}-")
    return any_of


def _candidate(row: Any, voices: Voices) -> Candidate:
    episode = row.episode
    return Candidate(
        id=row.pk,
        vector=np.asarray(row.vector, dtype=np.float32),
        episode=episode.pk,
        podcast=episode.podcast_id,
        podcast_title=episode.podcast.title,
        headline=row.headline,
        text=row.text,
        topics=tuple(row.topics),
        speaker=row.speaker or None,
        language=episode.podcast.language or None,
        strength=row.score,
        published=episode.published_at,
        found=row.created_at,
        voices=voices.by(),
        voice=voices.of.get(row.pk, 1),
        point=row.same_as_id,
        stands_in=row.hidden,
    )
