"""How the mails fared, day by day: what the operator looks at in the morning."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from takefive.store.models import Delivery, Feedback, Return

MOST_COMPLAINTS = 0.003  # of the mails sent; above it the large receivers refuse a sender


@dataclass(slots=True)
class Day:
    """Counts of mails by the day of their brief; of what came back, and of what readers said, by the day it came."""

    day: date
    sent: int = 0
    waiting: int = 0
    doubtful: int = 0
    failed: int = 0
    bounced: int = 0
    complained: int = 0
    feedback: int = 0


_FATES = {"sending": "waiting"}
_BACK = {Return.Kind.REFUSED: "bounced", Return.Kind.BOUNCED: "bounced", Return.Kind.COMPLAINED: "complained"}


def by_day(today: date, days: int = 30) -> list[Day]:
    """The last days, newest first, without those on which nothing was."""
    since = today - timedelta(days=days - 1)
    found: dict[date, Day] = defaultdict(lambda: Day(today))
    mails = Delivery.objects.exclude(channel__in=Delivery.Channel.beside_the_mail()).filter(brief__day__gte=since)
    for day, status, count in mails.values_list("brief__day", "status").annotate(Count("pk")).order_by():
        _add(found, day, _FATES.get(status, status), count)
    for day, kind, count in _by_day(Return.objects.filter(at__date__gte=since), "kind"):
        if kind in _BACK:
            _add(found, day, _BACK[Return.Kind(kind)], count)
    for day, _, count in _by_day(Feedback.objects.standing().filter(at__date__gte=since), "kind"):
        _add(found, day, "feedback", count)
    return [found[day] for day in sorted(found, reverse=True)]


def complaints(days: list[Day]) -> float:
    """The share of mails that were complained about, of those sent in these days."""
    return sum(day.complained for day in days) / max(1, sum(day.sent for day in days))


def _by_day(rows: QuerySet[Return] | QuerySet[Feedback], name: str) -> QuerySet[Return, tuple[date, str, int]]:
    return rows.annotate(day=TruncDate("at")).values_list("day", name).annotate(Count("pk")).order_by()  # type: ignore[return-value]


def _add(found: dict[date, Day], day: date, name: str, count: int) -> None:
    row = found[day]
    row.day = day
    setattr(row, name, getattr(row, name) + count)
