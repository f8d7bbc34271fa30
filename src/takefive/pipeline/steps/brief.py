"""Readers whose hour has come, and fresh insights -> briefs.

A crash: each brief is saved whole, with its delivery and the job for it, in one transaction; a reader and a local day have
one brief at the most, so whoever comes second changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import repeat

import numpy as np
from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from takefive.accounts.models import Reader
from takefive.accounts.wishes import document_of
from takefive.briefs import learn
from takefive.briefs.choose import compose
from takefive.briefs.pool import Pool
from takefive.briefs.product import fastest, on_cpu
from takefive.briefs.profile import ProfileDocument
from takefive.briefs.signals import Asking, Near, nearness
from takefive.briefs.values import Choice, ComposedBrief
from takefive.pipeline import due_readers
from takefive.pipeline.candidates import WINDOW, Pools, recent
from takefive.pipeline.due_readers import Due
from takefive.pipeline.embedding import embedder
from takefive.pipeline.remembered import Past, pasts
from takefive.pipeline.tastes import podcasts, podcasts_in, profile_of, tastes
from takefive.store.models import Brief, BriefItem, Delivery

log = logging.getLogger(__name__)

DRAWS = 200  # sets of weights: the first decide, all tell how probable each choice was

PART = 250  # readers in memory and in one matrix product: more at once are not faster (docs/benchmarks/briefs.md)

Then = Callable[[Sequence[int]], None]
Made = tuple[Reader, ComposedBrief]


def run(*, now: datetime, then: Then, more: Callable[[], None] = lambda: None) -> None:
    """Make the briefs of up to a thousand readers whose hour has come; `more` asks for another job where others wait.

    `then` is called with the deliveries of each transaction, in it. What goes wrong with one reader is logged and stops no
    other; it is tried again while that day lasts. Workers in parallel take different readers.
    """
    taken = due_readers.take(now)
    if len(taken) == due_readers.BATCH:
        more()
    pools, due = Pools(now), due_readers.due(taken, now)
    done = {reader.pk for reader in taken} - {one.reader.pk for one in due}
    for at in range(0, len(due), PART):
        done |= _save_part([*_compose_part(due[at : at + PART], pools, now)], now, then)
    due_readers.let_go([reader for reader in taken if reader.pk in done], now)


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
    return _compose(reader, day, pool, Asking(profile, wanted, unwanted), history, now)


def last_week(reader: Reader, document: ProfileDocument, *, now: datetime) -> ComposedBrief:
    """The five of the last week as they would have been by this profile."""
    day = now.astimezone(reader.tzinfo).date()
    return choose(reader, day, recent(now, document.languages), now=now, document=document, before=now - WINDOW)


def _compose_part(part: Sequence[Due], pools: Pools, now: datetime) -> Iterator[Made]:
    """Choose for each: what they told and did is read, put into vectors and held against the candidates for all at once."""
    past = pasts([one.reader for one in part], now)
    for pool, asked in _asking(part, past, pools):
        for (one, asking), near in zip(asked, _near(pool, [asking for _, asking in asked]), strict=False):
            with _logged(one.reader):
                yield one.reader, _compose(one.reader, one.day, pool, asking, past[one.reader.pk].feedback, now, near)


def _near(pool: Pool, asked: Sequence[Asking]) -> Iterator[Near | None]:
    """The products for each; from where vectors do not fit together None, so that each is held against the pool alone."""
    try:
        yield from nearness(pool, asked, fastest() if settings.GPU else on_cpu)
    except ValueError:
        log.exception("readers' vectors do not fit together: one by one")
        yield from repeat(None)


def _asking(
    part: Sequence[Due], past: Mapping[int, Past], pools: Pools
) -> Iterable[tuple[Pool, list[tuple[Due, Asking]]]]:
    """Those who choose from the same candidates together, as the candidates are asked for them."""
    documents = {}
    for one in part:
        with _logged(one.reader):
            documents[one] = document_of(one.reader)
    known = podcasts({name for document in documents.values() for name in podcasts_in(document)})
    phrases = list({p for document in documents.values() for p in (*document.interests, *document.not_interests)})
    encoded = dict(zip(phrases, embedder().encode(phrases), strict=True))
    by_pool: dict[int, tuple[Pool, list[tuple[Due, Asking]]]] = {}
    for one, document in documents.items():
        with _logged(one.reader):
            profile = profile_of(document, one.day, known, past[one.reader.pk])
            wanted, unwanted = (
                np.stack([encoded[phrase] for phrase in told]) if told else None
                for told in (profile.interests, profile.not_interests)
            )
            pool = pools.of(one.day, one.last_day, document.languages)
            by_pool.setdefault(id(pool), (pool, []))[1].append((one, Asking(profile, wanted, unwanted)))
    return by_pool.values()


def _compose(
    reader: Reader,
    day: date,
    pool: Pool,
    asking: Asking,
    history: Sequence[learn.Feedback],
    now: datetime,
    near: Near | None = None,
) -> ComposedBrief:
    draws = learn.draw(learn.believe(history), (reader.pk, day.toordinal()), DRAWS) if history else None
    return compose(
        pool, asking.profile, asking.interests, asking.not_interests, day=day, now=now, draws=draws, near=near
    )


def _vectors(phrases: Sequence[str]) -> np.ndarray | None:
    return embedder().encode(phrases) if phrases else None


def _save_part(part: Sequence[Made], now: datetime, then: Then) -> set[int]:
    """Save them together; if that fails, since one was made meanwhile or an insight is gone, each alone. Who has a brief now."""
    try:
        _store(part, now, then)
        return {reader.pk for reader, _ in part}
    except (IntegrityError, DataError):
        done = set()
        for reader, composed in part:
            with _logged(reader):
                done.add(_save(reader, composed, now, then).reader_id)
        return done


def _save(reader: Reader, composed: ComposedBrief, now: datetime, then: Then) -> Brief:
    try:
        return _store([(reader, composed)], now, then)[0]
    except IntegrityError:
        first = Brief.objects.filter(reader=reader, day=composed.day).first()
        if first is None:  # not because another process was first
            raise
        return first


def _store(made: Sequence[Made], now: datetime, then: Then) -> list[Brief]:
    """All of them with their deliveries, or none."""
    with transaction.atomic():
        briefs = Brief.objects.bulk_create(Brief(reader=r, day=composed.day, created_at=now) for r, composed in made)
        rows = [(brief, composed.choices) for brief, (_, composed) in zip(briefs, made, strict=True)]
        BriefItem.objects.bulk_create(
            _item(brief, rank, choice) for brief, choices in rows for rank, choice in enumerate(choices, 1)
        )
        channel = Delivery.Channel.ours()
        deliveries = Delivery.objects.bulk_create(
            Delivery(brief=brief, channel=channel, next_try_at=now) for brief, choices in rows if choices
        )  # nothing worth the time: no mail
        if deliveries:
            then([delivery.pk for delivery in deliveries])
    return briefs


def _item(brief: Brief, rank: int, choice: Choice) -> BriefItem:
    return BriefItem(
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


@contextmanager
def _logged(reader: Reader) -> Iterator[None]:
    """What goes wrong with one reader is no reason to stop."""
    try:
        yield
    except Exception:
        log.exception("no brief for reader %s: a fault of ours", reader.pk)


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(number), 4) for name, number in numbers.items()}
