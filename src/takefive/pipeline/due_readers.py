"""The readers whose hour has come, found without a walk through all of them, each taken by one worker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from takefive.accounts.models import Reader
from takefive.delivery.due import EVERY_DAY, MONDAYS, WEEKDAYS, is_due, newest_day, next_time

BATCH = 1_000
DAYS = {Reader.Frequency.DAILY: EVERY_DAY, Reader.Frequency.WEEKDAYS: WEEKDAYS, Reader.Frequency.WEEKLY: MONDAYS}
_TAKEN_FOR = timedelta(minutes=10)
_AHEAD = timedelta(
    days=2
)  # everyone is looked at so often, so that a clock which was wrong does not hold anyone for long


@dataclass(frozen=True, slots=True)
class Due:
    """A reader whose hour has come, the local day of the brief, and the day of the one before."""

    reader: Reader
    day: date
    last_day: date | None


def take(now: datetime) -> list[Reader]:
    """Up to a thousand readers whose hour may have come, for ourselves for ten minutes."""
    with transaction.atomic():
        waiting = Reader.objects.due(now, _AHEAD).select_for_update(skip_locked=True, no_key=True)
        ids = list(waiting.values_list("pk", flat=True)[:BATCH])
        Reader.objects.filter(pk__in=ids).update(next_brief_at=now + _TAKEN_FOR)
    return list(Reader.objects.filter(pk__in=ids).order_by("pk"))


def due(readers: Sequence[Reader], now: datetime) -> list[Due]:
    """Those of them whose hour has come."""
    last = last_days(readers, now)
    days = [(reader, is_due(now, **_wishes(reader, last.get(reader.pk)))) for reader in readers]
    return [Due(reader, day, last.get(reader.pk)) for reader, day in days if day is not None]


def let_go(readers: Sequence[Reader], now: datetime) -> None:
    """Note from when each is to be looked at again, unless what decides on it changed since they were taken."""
    last = last_days(readers, now)
    times: dict[datetime, list[int]] = {}
    for reader in readers:
        at = min(next_time(now, **_wishes(reader, last.get(reader.pk))), now + _AHEAD)
        times.setdefault(at, []).append(reader.pk)
    for at, ids in times.items():  # few: hours and zones are shared by many
        Reader.objects.filter(pk__in=ids, next_brief_at=now + _TAKEN_FOR).update(next_brief_at=at)


def last_days(readers: Iterable[Reader], now: datetime) -> dict[int, date | None]:
    """By reader, the latest day that has its brief; a day made by a clock that was ahead counts once it comes."""
    ids = [reader.pk for reader in readers]
    last = Max("briefs__day", filter=Q(briefs__day__lte=newest_day(now)))
    return dict(Reader.objects.filter(pk__in=ids).values_list("pk").annotate(last=last))


def _wishes(reader: Reader, last_day: date | None) -> dict[str, Any]:
    """What delivery/due.py asks for."""
    days = DAYS[Reader.Frequency(reader.frequency)]
    when = {"zone": reader.zone, "hour": reader.hour, "paused_until": reader.pause_until}
    return when | {"last_day": last_day, "days": days}
