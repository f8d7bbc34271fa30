"""When to look at a feed again, learnt from when it published. Pure: `now` and chance are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(days=1)
UNKNOWN = timedelta(hours=6)  # a feed without dates
WITH_HUB = timedelta(hours=12)  # its hub tells us; the poll only makes up for what a hub forgets
FULL_EVERY = timedelta(hours=24)
_FAILED_FIRST, _FAILED_LAST = timedelta(hours=1), timedelta(days=7)
_NEWEST = 20  # so many last episodes tell the rhythm
_TRIES = 8  # polls in one usual gap between episodes: a new one is found after 1/16 of the gap on average
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
    return now + max(wait, retry_after or timedelta(0))


def needs_full(now: datetime, last_full: datetime | None) -> bool:
    """Whether to ask without validators: some servers answer "unchanged" for ever, so the whole feed comes daily."""
    return last_full is None or now - last_full >= FULL_EVERY


def _rhythm(now: datetime, published: Sequence[datetime]) -> timedelta:
    """An eighth of the usual gap; as soon as the next episode is due the shortest wait; longer for sleeping shows."""
    dates = sorted({d for d in published if d <= now}, reverse=True)[:_NEWEST]
    if not dates:
        return UNKNOWN
    silence = now - dates[0]
    gaps = [a - b for a, b in pairwise(dates) if a - b > timedelta(minutes=1)]
    gap = timedelta(seconds=median(g.total_seconds() for g in gaps)) if gaps else timedelta(days=7)
    if abs(silence - gap) < max(gap / 24, SHORTEST):
        return SHORTEST  # it is due now: daily shows within the hour, weekly ones within seven
    usual = max(gap, silence / 4) / _TRIES
    return min(max(usual, SHORTEST), LONGEST)
