"""Whether a reader's brief is due, in the reader's own zone. Pure: the clock comes in as `now`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

EVERY_DAY = range(7)
WEEKDAYS = range(5)
MONDAYS = range(1)


def is_due(
    now: datetime, *, zone: str, hour: int, last_day: date | None, days: Collection[int] = EVERY_DAY
) -> date | None:
    """The local day for which a brief is due at `now` (aware), or None.

    Due from `hour` (0-23) o'clock on the reader's wall clock until local midnight, on `days` (0 is Monday), once for
    each local day: `last_day` is the latest day that already has its brief, so a reader who flies west waits rather
    than getting the same day twice. An hour that the clock skips in spring is due as soon as the clock has passed it.
    An unknown zone counts as UTC.
    """
    local = now.astimezone(zone_named(zone))
    today = local.date()
    waits = local.hour < hour or today.weekday() not in days
    return None if waits or (last_day is not None and last_day >= today) else today


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo:
    """The IANA zone of that name; UTC where there is none, however odd the name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; absolute, with dots or NUL; a folder of zones such as "Europe"
        return UTC
