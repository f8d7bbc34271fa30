"""What readers said and were sent, as far back as it counts: a reader of ten years costs hardly more than one of one.

Never twice: whatever of a point may be a candidate is known by its number, however long ago any insight of its group was sent. In
other words that the step relate did not group, a point is known by the vectors of the last `REMEMBERED`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from takefive.accounts.models import Reader
from takefive.briefs import learn
from takefive.briefs.values import Vector
from takefive.pipeline.voices import voices_of
from takefive.store.models import BriefItem, Feedback, Insight

LONGEST_ABSENCE = timedelta(days=60)  # no candidate was found before that
REMEMBERED = timedelta(days=400)

Said = tuple[int, str, int, datetime]  # reader, kind, insight, when
Sent = tuple[int, int, int, datetime]  # reader, insight, brief, when


@dataclass(slots=True)
class Past:
    """What one reader said and was sent.

    `points` says how many voices made each point then, and `insights` which of them it was: those that may be candidates.
    `sent` are the insights of the last `REMEMBERED`, with their vectors.
    """

    feedback: list[learn.Feedback] = field(default_factory=list)  # oldest first
    points: dict[int, int] = field(default_factory=dict)
    insights: set[int] = field(default_factory=set)
    sent: dict[int, Vector] = field(default_factory=dict)


def pasts(readers: Sequence[Reader], now: datetime, *, before: datetime | None = None) -> dict[int, Past]:
    """The past of each of these readers by their number, read at once: each insight's vector once for all of them.

    `before` leaves out what was sent, or spoken of on a page, since.
    """
    found = {reader.pk: Past() for reader in readers}
    items = BriefItem.objects.filter(brief__reader_id__in=found)
    watched = [reader.pk for reader in readers if reader.wishes.get("openings")]  # who ends it takes all of it back
    told = ~Q(kind=Feedback.Kind.OPEN) | Q(reader_id__in=watched)
    spoken = Feedback.objects.standing().filter(told, reader_id__in=found)
    earlier = (
        (items, spoken)
        if before is None
        else (items.filter(brief__created_at__lt=before), spoken.filter(at__lt=before))
    )
    said, sent = _said(spoken), _sent(earlier[0], now)
    signals, passed_over = _signals(said, sent)
    about, vectors = _about({row[2] for row in said}), _vectors({row[2] for row in said} | {row[1] for row in sent})
    for reader, insight, point, voices in _points(*earlier, now):
        past = found[reader]
        past.insights.add(insight)
        past.points[point] = max(voices, past.points.get(point, 0))
    heard = [(reader, insight) for reader, _, insight, at in said if before is None or at < before]
    for reader, insight in [*heard, *(row[:2] for row in sent)]:
        if insight in vectors:
            found[reader].sent[insight] = vectors[insight]
    for reader, kind, insight, _ in sorted([*said, *passed_over], key=lambda row: row[3]):
        if insight in vectors:
            podcast, numbers = signals.get((reader, insight), (0, {}))
            known = about.get(insight, {"podcast": podcast})
            found[reader].feedback.append(
                learn.Feedback(signal=kind, vector=vectors[insight], signals=numbers, insight=insight, **known)  # type: ignore[arg-type]  # the column's choices are these
            )
    return found


def _said(spoken: QuerySet[Feedback]) -> list[Said]:
    """The latest of each kind, oldest first."""
    nth = Window(RowNumber(), partition_by=["reader_id", "kind"], order_by=["-at", "-pk"])
    rows = spoken.annotate(nth=nth).filter(nth__lte=learn.MOST_REMEMBERED).order_by("at", "pk")
    return list(rows.values_list("reader_id", "kind", "insight_id", "at"))


def _sent(items: QuerySet[BriefItem], now: datetime) -> list[Sent]:
    rows = items.filter(brief__created_at__gte=now - REMEMBERED).order_by("brief__created_at", "pk")
    return list(rows.values_list("brief__reader_id", "insight_id", "brief_id", "brief__created_at"))


def _points(items: QuerySet[BriefItem], spoken: QuerySet[Feedback], now: datetime) -> list[tuple[int, int, int, int]]:
    """Reader, insight, its point and how many voices made it then: of each point of which something may be a candidate."""
    fresh = Insight.objects.filter(created_at__gte=now - LONGEST_ABSENCE - timedelta(days=1))
    fresh_points = fresh.values_list(Coalesce("same_as_id", "pk"))
    of = Coalesce("insight__same_as_id", "insight_id")
    sent = items.annotate(point=of).filter(point__in=fresh_points)
    said = list(
        spoken.annotate(point=of).filter(point__in=fresh_points).values_list("reader_id", "insight_id", "point", "at")
    )
    then = voices_of({point for _, _, point, _ in said})
    heard = [
        (reader, insight, point, then[point].by(at) if point in then else 1) for reader, insight, point, at in said
    ]
    return heard + list(sent.values_list("brief__reader_id", "insight_id", "point", "voices"))


def _signals(said: Sequence[Said], sent: Sequence[Sent]) -> tuple[dict[tuple[int, int], tuple[int, Any]], list[Said]]:
    """Of the briefs that were answered: each insight's podcast and what its choice was made with; and what was passed over."""
    spoken = {(reader, insight) for reader, _, insight, _ in said}
    answered = {brief for reader, insight, brief, _ in sent if (reader, insight) in spoken}
    rows = BriefItem.objects.filter(brief__in=answered).annotate(show=F("insight__episode__podcast_id"))
    columns = rows.values_list("brief__reader_id", "insight_id", "show", "signals")
    signals = {(reader, insight): (show, numbers) for reader, insight, show, numbers in columns}
    passed_over = [
        (reader, "skip", insight, at)
        for reader, insight, brief, at in sent
        if brief in answered and (reader, insight) not in spoken
    ]
    return signals, passed_over


def _vectors(ids: Collection[int]) -> dict[int, Vector]:
    rows = Insight.objects.filter(pk__in=ids).exclude(vector=None).values_list("pk", "vector")
    return {pk: np.asarray(vector, dtype=np.float32) for pk, vector in rows.iterator(chunk_size=2_000)}


def _about(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What learning reads of each insight that was spoken of, beside its vector."""
    columns = ("pk", "episode__podcast_id", "speaker", "topics", "headline", "text")
    rows = Insight.objects.filter(pk__in=ids).values_list(*columns)
    return {
        pk: {
            "podcast": podcast,
            "speaker": speaker or None,
            "topics": tuple(topics),
            "text": " ".join((headline, text, *topics)),
        }
        for pk, podcast, speaker, topics, headline, text in rows
    }
