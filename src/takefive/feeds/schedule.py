"""When to look at a feed again, learnt from when it published. Pure: `now` and chance are given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(days=1)
UNKNOWN = timedelta(hours=6)  # a feed without dates
WITH_HUB = timedelta(hours=12)  # its hub tells us; the poll only makes up for what a hub forgets
FULL_EVERY = timedelta(hours=24)
_FAILED_FIRST, _FAILED_LAST = timedelta(hours=1), timedelta(days=7)
_NEWEST = 50  # so many last episodes tell the rhythm
# Chosen by evals/schedule.py.
_EFFORT = 0.5  # less is more polls
_EVEN, _DAILY = 0.2, 0.3  # what of the rate is spread evenly, and what by the hour of the day alone
_EARLY = 0.3  # how much less likely an episode is in the first half of the usual gap after the last one
_HOUR, _WEEK = timedelta(hours=1), 168
_MOST_STEPS = LONGEST // SHORTEST
_JITTER = 0.1


def next_poll(
    *,
    now: datetime,
    published: Sequence[datetime],
    failures: int,
    retry_after: timedelta | None,
    hub: bool = False,
    jitter: float,
) -> datetime:
    """The moment of the next poll: never sooner than a server asked for, spread by up to a tenth.

    `published`: dates of the feed's episodes in any order. `failures`: how many polls in a row have failed.
    `jitter`: a random number from 0 to 1, so that feeds added together drift apart.
    """
    if failures > 0:
        wait = min(_FAILED_FIRST * (1 << min(failures - 1, 10)), _FAILED_LAST)
    else:
        wait = _rhythm(now, published)
        wait = max(wait, WITH_HUB) if hub else wait
    wait += wait * _JITTER * (2 * min(max(jitter, 0.0), 1.0) - 1)
    wait = wait if failures > 0 else min(wait, LONGEST)
    return now + max(wait, retry_after or timedelta(0))


def needs_full(now: datetime, last_full: datetime | None, last_poll: datetime | None = None) -> bool:
    """Whether to ask without validators: some servers answer "unchanged" for ever, so the whole feed comes daily.

    That is now where the next poll, as far off as the last one, would come too late for it.
    """
    if last_full is None:
        return True
    gap = now - last_poll if last_poll is not None else timedelta(0)
    return now - last_full >= FULL_EVERY or now - last_full + gap > FULL_EVERY + SHORTEST


def _rhythm(now: datetime, published: Sequence[datetime]) -> timedelta:
    """Until the root of the expected rate of episodes has gathered to `_EFFORT`: polls lie where an episode is likely.

    The rate is the show's own, spread over the hours of its week and day as its episodes were (after Sia, Cho & Cho 2007,
    "Efficient monitoring algorithm for fast news alerts"); for a given number of polls the mean delay is least where
    their density goes with the root of the rate.
    """
    dates = sorted({d.astimezone(UTC) for d in published if d <= now})[-_NEWEST:]
    if not dates:
        return UNKNOWN
    silence = (now - dates[-1]) / _HOUR
    rate = min(len(dates) / max((now - dates[0]) / _HOUR, _WEEK), 4 / max(silence, 1.0))
    gap = median([(b - a) / _HOUR for a, b in pairwise(dates)]) if len(dates) > 1 else _WEEK
    usual, start, gathered = _hours(dates), now.astimezone(UTC), 0.0
    begin = 2 * (24 * start.weekday() + start.hour) + start.minute // 30
    for half_hours in range(1, _MOST_STEPS + 1):
        early = _EARLY if silence + half_hours / 2 < gap / 2 else 1.0
        gathered += 0.5 * math.sqrt(early * rate * _WEEK * usual[(begin + half_hours - 1) // 2 % _WEEK])
        if gathered >= _EFFORT:
            return SHORTEST * half_hours
    return LONGEST


def _hours(dates: Sequence[datetime]) -> list[float]:
    """How likely an episode comes in each hour of the week, Monday 0:00 UTC first; the sum is 1.

    What was seen in the hour of the week and in the hour of the day, each with a quarter for the hours beside it (clocks
    change, editors are late), and a part spread evenly.
    """
    seen = [0.0] * _WEEK
    for date in dates:
        hour = 24 * date.weekday() + date.hour
        for beside, part in ((-1, 0.25), (0, 0.5), (1, 0.25)):
            seen[(hour + beside) % _WEEK] += part / len(dates)
    daily = [sum(seen[hour::24]) / 7 for hour in range(24)]
    return [_EVEN / _WEEK + (1 - _EVEN) * ((1 - _DAILY) * seen[h] + _DAILY * daily[h % 24]) for h in range(_WEEK)]
