"""How many mails may go out: a day in all, rising while a new sender warms up, and a minute to one domain. Pure.

Receivers distrust an address that sends thousands of mails from nowhere: a new sender begins with few and doubles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from takefive.common.errors import UsageError

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`a_day` and `a_minute` (to one domain): 0 for no limit. `warm_up`: from which day on how many a day; the first is 1."""

    a_day: int = 0
    a_minute: int = 0
    warm_up: tuple[tuple[int, int], ...] = field(default=())

    @property
    def free(self) -> bool:
        """Whether nothing need be counted."""
        return not (self.a_day or self.a_minute or self.warm_up)

    def cap(self, day: int) -> int:
        """How many mails may go out on the `day`-th day of sending (1 and more); 0 for no limit.

        Before the schedule's first day its first figure holds, after its last day the daily cap alone.
        """
        steps = [mails for begins, mails in self.warm_up if begins <= day] or [mails for _, mails in self.warm_up[:1]]
        over = not self.warm_up or day > self.warm_up[-1][0]
        caps = [cap for cap in (self.a_day, 0 if over else steps[-1]) if cap]
        return min(caps, default=0)


def warm_up(written: str) -> tuple[tuple[int, int], ...]:
    """A schedule such as "1=50, 3=200, 7=1000": from the third day on 200 mails a day. Raises UsageError for anything else."""
    steps = []
    for entry in filter(None, (part.strip() for part in written.split(","))):
        day, _, mails = entry.partition("=")
        if not (day.strip().isdecimal() and mails.strip().isdecimal() and int(day) >= 1 and int(mails) >= 1):
            raise UsageError(
                f"the warm-up must look like 1=50,3=200,7=1000 (from which day on how many), not {entry!r}"
            )
        steps.append((int(day), int(mails)))
    if steps != sorted(set(steps)) or len({day for day, _ in steps}) < len(steps):
        raise UsageError("the warm-up's days must rise: 1=50,3=200,7=1000")
    return tuple(steps)


def day_of(now: datetime) -> datetime:
    """When the day of the caps began: at midnight, UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def minute_of(now: datetime) -> datetime:
    """When the minute of the rates began."""
    return now.astimezone(UTC).replace(second=0, microsecond=0)


def next_day(now: datetime) -> datetime:
    """When the caps begin anew."""
    return day_of(now) + _DAY


def next_minute(now: datetime) -> datetime:
    """When the rates begin anew."""
    return minute_of(now) + _MINUTE


def domain_of(email: str) -> str:
    """The domain by which rates are counted."""
    return email.rpartition("@")[2].lower()
