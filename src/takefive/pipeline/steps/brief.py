"""Readers whose hour has come, and fresh insights -> briefs.

A crash: each brief is saved whole, with its delivery and the job for it, in one transaction; a reader and a local day have
one brief at the most, so whoever comes second changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Max

from takefive.accounts.models import Reader
from takefive.accounts.wishes import document_of
from takefive.briefs import learn
from takefive.briefs.choose import compose
from takefive.briefs.pool import Pool
from takefive.briefs.profile import ProfileDocument
from takefive.briefs.values import ComposedBrief
from takefive.delivery.due import EVERY_DAY, MONDAYS, WEEKDAYS, is_due
from takefive.pipeline.candidates import WINDOW, Pools, recent
from takefive.pipeline.tastes import tastes
from takefive.relations.embed import default_embedder
from takefive.store.models import Brief, BriefItem, Delivery

log = logging.getLogger(__name__)

DRAWS = 200  # sets of weights: the first decide, all tell how probable each choice was
DAYS = {Reader.Frequency.DAILY: EVERY_DAY, Reader.Frequency.WEEKDAYS: WEEKDAYS, Reader.Frequency.WEEKLY: MONDAYS}

Then = Callable[[int], None]


def run(*, now: datetime, then: Then) -> None:
    """Make the brief of every reader whose hour has come; `then` is called with each delivery, in its transaction.

    What goes wrong with one reader is logged and stops no other; it is tried again while that day lasts.
    """
    due = list(_due(now))
    if not due:
        return
    pools = Pools(now)
    for reader, day, last_day in due:
        try:
            make(reader, day, pools.of(day, last_day), now=now, then=then)
        except Exception:
            log.exception("no brief for reader %s: a fault of ours", reader.pk)


def make(reader: Reader, day: date, pool: Pool, *, now: datetime, then: Then) -> Brief:
    """The reader's brief of that day, made now unless there is one already."""
    existing = Brief.objects.filter(reader_id=reader.pk, day=day).first()
    if existing is not None:
        return existing
    return _save(reader, choose(reader, day, pool, now=now), now, then)


def choose(
    reader: Reader,
    day: date,
    pool: Pool,
    *,
    now: datetime,
    document: ProfileDocument | None = None,
    before: datetime | None = None,
) -> ComposedBrief:
    """What the reader would get, without saving anything: by another profile where one is given, as if they had been sent
    nothing since `before`.

    Who gave feedback is explored with: the weights are drawn from what is believed of them, the same all day.
    """
    profile, history = tastes(reader, document or document_of(reader), now, before=before)
    wanted, unwanted = _vectors(profile.interests), _vectors(profile.not_interests)
    draws = learn.draw(learn.believe(history), (reader.pk, day.toordinal()), DRAWS) if history else None
    return compose(pool, profile, wanted, unwanted, day=day, now=now, draws=draws)


def last_week(reader: Reader, document: ProfileDocument, *, now: datetime) -> ComposedBrief:
    """The five of the last week as they would have been by this profile."""
    day = now.astimezone(reader.tzinfo).date()
    return choose(reader, day, recent(now), now=now, document=document, before=now - WINDOW)


def _due(now: datetime) -> Iterator[tuple[Reader, date, date | None]]:
    """The readers whose hour has come, each with the day and that of the brief before it."""
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
            yield reader, day, reader.last_day


def _vectors(phrases: Sequence[str]) -> np.ndarray | None:
    return default_embedder().encode(phrases) if phrases else None


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
                    parts=_rounded(choice.parts),
                    signals=_rounded(choice.signals),
                    propensity=choice.propensity,
                    voices=choice.voices,
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


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(number), 4) for name, number in numbers.items()}
