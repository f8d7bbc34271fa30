"""Whether a reader's brief is due, in the reader's own zone. Pure: the clock comes in as `now`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

EVERY_DAY = range(7)
WEEKDAYS = range(5)
MONDAYS = range(1)
MORNING = timedelta(hours=5)  # for so long a brief that failed is tried again: nobody wants the morning's at night


def is_due(
    now: datetime,
    *,
    zone: str,
    hour: int,
    last_day: date | None,
    days: Collection[int] = EVERY_DAY,
    paused_until: date | None = None,
) -> date | None:
    """The local day for which a brief is due at `now` (aware), or None.

    Due from `hour` (0-23) o'clock on the reader's wall clock until local midnight, on `days` (0 is Monday), once for
    each local day: `last_day` is the latest day up to `newest_day` that already has its brief, so a reader who flies
    west waits rather than getting the same day twice. No day before `paused_until` has one.
    An hour that the clock skips in spring is due as soon as the clock has passed it, and where that would be tomorrow
    (Greenland skips 23 o'clock) in the last hour that today has. An unknown zone counts as UTC.
    """
    place = zone_named(zone)
    local = now.astimezone(place)
    today = local.date()
    paused = paused_until is not None and today < paused_until
    waits = paused or local.hour < _hour_on(today, hour, place) or today.weekday() not in days
    return None if waits or (last_day is not None and last_day >= today) else today


def next_day(
    now: datetime,
    *,
    zone: str,
    last_day: date | None,
    days: Collection[int] = EVERY_DAY,
    paused_until: date | None = None,
) -> date:
    """The local day of the next brief, by the same rules: today as long as today's is not made."""
    day = max(now.astimezone(zone_named(zone)).date(), paused_until or date.min)
    if last_day is not None and last_day >= day:
        day = last_day + timedelta(days=1)
    while day.weekday() not in days:
        day += timedelta(days=1)
    return day


def next_time(
    now: datetime,
    *,
    zone: str,
    hour: int,
    last_day: date | None,
    days: Collection[int] = EVERY_DAY,
    paused_until: date | None = None,
) -> datetime:
    """From when `is_due` is worth asking again, in UTC: at no time before it, and after `now`, is a brief due.

    May lie before `now`: then one is due already.
    """
    day = next_day(now, zone=zone, last_day=last_day, days=days, paused_until=paused_until)
    # An hour that happens twice counts from its first time, and one that the clock skips from where it skips (PEP 495).
    place = zone_named(zone)
    return datetime.combine(day, time(_hour_on(day, hour, place)), tzinfo=place).astimezone(UTC)


def newest_day(now: datetime) -> date:
    """The newest day that has begun anywhere: in Kiribati, 14 hours ahead of UTC. A brief of a later day owes it to a clock
    that was wrong."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


def _hour_on(day: date, hour: int, place: tzinfo) -> int:
    """`hour`, or where the clock skips from there into the next day, the last one before that."""
    while hour and datetime.combine(day, time(hour), tzinfo=place).astimezone(UTC).astimezone(place).date() > day:
        hour -= 1
    return hour


def is_too_late(now: datetime, *, day: date, zone: str, made: datetime, tried: bool) -> bool:
    """Whether the brief of `day`, made at `made`, need not be sent any more.

    One that was tried is given up when the morning is over; one that never had its turn (a hold, a full day's allowance)
    when that day is over for the reader, but not before its morning is: who reads at 23 o'clock has one too.
    """
    morning_over = now >= made + MORNING
    return morning_over and (tried or now.astimezone(zone_named(zone)).date() > day)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo:
    """The IANA zone of that name; UTC where there is none, however odd the name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; absolute, with dots or NUL; a folder of zones such as "Europe"
        return UTC
