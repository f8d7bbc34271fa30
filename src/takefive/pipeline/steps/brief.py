"""Readers whose hour has come, and fresh insights -> briefs.

A crash: each brief is saved whole, with its delivery and the job for it, in one transaction; a reader and a local day have
one brief at the most, so whoever comes second changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Count, Max

from takefive.accounts.models import Reader
from takefive.briefs.choose import compose
from takefive.briefs.interests import parse
from takefive.briefs.rank import Pool
from takefive.briefs.values import Candidate, ComposedBrief, Profile
from takefive.delivery.due import EVERY_DAY, MONDAYS, WEEKDAYS, is_due
from takefive.relations.embed import default_embedder
from takefive.store import shown
from takefive.store.models import Brief, BriefItem, Delivery, Insight

log = logging.getLogger(__name__)

WINDOW = timedelta(days=7)
_MOST_CANDIDATES = 5_000
_HEAVY = ("search", "episode__description", "episode__summary", "episode__podcast__description")  # asked for by nothing
DAYS = {Reader.Frequency.DAILY: EVERY_DAY, Reader.Frequency.WEEKDAYS: WEEKDAYS, Reader.Frequency.WEEKLY: MONDAYS}

Then = Callable[[int], None]


def run(*, now: datetime, then: Then) -> None:
    """Make the brief of every reader whose hour has come; `then` is called with each delivery, in its transaction.

    What goes wrong with one reader is logged and stops no other; it is tried again while that day lasts.
    """
    due = list(_due(now))
    if not due:
        return
    pool = candidates(now)
    for reader, day in due:
        try:
            make(reader, day, pool, now=now, then=then)
        except Exception:
            log.exception("no brief for reader %s: a fault of ours", reader.pk)


def make(reader: Reader, day: date, pool: Pool, *, now: datetime, then: Then) -> Brief:
    """The reader's brief of that day, made now unless there is one already."""
    existing = Brief.objects.filter(reader_id=reader.pk, day=day).first()
    if existing is not None:
        return existing
    return _save(reader, choose(reader, day, pool, now=now), now, then)


def choose(reader: Reader, day: date, pool: Pool, *, now: datetime) -> ComposedBrief:
    """What the reader would get, without saving anything."""
    profile = _profile(reader)
    wanted, unwanted = _vectors(profile.interests), _vectors(profile.not_interests)
    return compose(pool, profile, wanted, unwanted, day=day, now=now)


def candidates(now: datetime) -> Pool:
    """The insights found in the last week that anyone may see, one for each point, newest first."""
    rows = (
        shown.points()
        .defer(None)
        .defer(*_HEAVY)
        .filter(created_at__gte=now - WINDOW)
        .exclude(vector=None)
        .annotate(voices=1 + Count("said_also"))
        .order_by("-created_at", "pk")[:_MOST_CANDIDATES]
    )
    return Pool.of([_candidate(row) for row in rows], now)


def _due(now: datetime) -> Iterator[tuple[Reader, date]]:
    readers = Reader.objects.filter(status=Reader.Status.ACTIVE).annotate(last_day=Max("briefs__day"))
    for reader in readers.iterator():
        days = DAYS[Reader.Frequency(reader.frequency)]
        day = is_due(
            now,
            zone=reader.zone,
            hour=reader.hour,
            last_day=reader.last_day,
            days=days,
            paused_until=reader.pause_until,
        )
        if day is not None:
            yield reader, day


def _profile(reader: Reader) -> Profile:
    interests, not_interests = parse(reader.interests)
    # An unsaved reader was sent nothing; asking for "no reader" would find all that nobody was sent.
    sent = Insight.objects.filter(sent_in__brief__reader_id=reader.pk or 0).exclude(vector=None)
    rows: list[tuple[int, Any]] = list(sent.values_list("pk", "vector"))
    return Profile(
        interests=interests,
        not_interests=not_interests,
        serendipity=reader.serendipity,
        sent_insights=frozenset(pk for pk, _ in rows),
        sent_vectors=np.array([vector for _, vector in rows], dtype=np.float32) if rows else None,
    )


def _vectors(phrases: Sequence[str]) -> np.ndarray | None:
    return default_embedder().encode(phrases) if phrases else None


def _candidate(row: Any) -> Candidate:
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
        voices=row.voices,
    )


def _save(reader: Reader, composed: ComposedBrief, now: datetime, then: Then) -> Brief:
    try:
        with transaction.atomic():
            brief = Brief.objects.create(reader=reader, day=composed.day, created_at=now)
            for rank, choice in enumerate(composed.choices, 1):
                BriefItem.objects.create(
                    brief=brief,
                    insight_id=choice.id,
                    rank=rank,
                    score=choice.score,
                    reason=choice.reason,
                    parts={name: round(float(part), 4) for name, part in choice.parts.items()},
                )
            if composed.choices:  # nothing worth the time: no mail
                channel = Delivery.Channel.ours()
                then(Delivery.objects.create(brief=brief, channel=channel, next_try_at=now).pk)
            return brief
    except IntegrityError:
        first = Brief.objects.filter(reader=reader, day=composed.day).first()
        if first is None:  # not because another process was first
            raise
        return first
