"""How late is an episode found, and for how many polls? A year of every real feed, replayed with its own rhythm.

    python evals/schedule.py --data DIR        DIR holds real/*.xml

For each feed the last year before its newest episode is lived through: at each poll the scheduler knows only the episodes
published so far. Failures, hubs and Retry-After are left out; jitter is drawn with a fixed seed. Beside it the same year
with fixed gaps. Delay is from an episode's date to the poll that would find it.
"""

from __future__ import annotations

import argparse
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from takefive.common.errors import FeedError
from takefive.feeds.parse import parse_feed
from takefive.feeds.schedule import next_poll

YEAR = timedelta(days=365)
_HOUR = timedelta(hours=1)
_FEWEST = 5  # dated episodes; with less there is no rhythm
_KNOWN = 50  # as the step scan gives them

Plan = Callable[[datetime, Sequence[datetime], random.Random], datetime]


def learnt(now: datetime, published: Sequence[datetime], chance: random.Random) -> datetime:
    return next_poll(now=now, published=published, failures=0, retry_after=None, jitter=chance.random())


def fixed(hours: float) -> Plan:
    return lambda now, _published, _chance: now + hours * _HOUR


def dates(path: Path) -> list[datetime]:
    """When a feed published, oldest first, each moment once."""
    try:
        feed = parse_feed(path.read_bytes(), source=str(path))
    except FeedError:
        return []
    return sorted({item.published for item in feed.items if item.published})


def lived(published: Sequence[datetime], plan: Plan, chance: random.Random) -> tuple[list[timedelta], int]:
    """The delay of each episode of the last year, and the polls it took."""
    end = published[-1]
    now = max(end - YEAR, published[0]) + chance.random() * _HOUR
    delays: list[timedelta] = []
    polls, known = 0, bisect_right(published, now)
    while now < end + timedelta(days=1) and known < len(published):
        now = plan(now, published[max(0, known - _KNOWN) : known], chance)
        polls += 1
        found = bisect_right(published, now)
        delays += [now - moment for moment in published[known:found]]
        known = found
    return delays, polls


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    feeds = [d for path in sorted((given.data / "real").iterdir()) if len(d := dates(path)) >= _FEWEST]
    plans = {"learnt": learnt} | {f"every {hours} h": fixed(hours) for hours in (1, 3, 6, 12, 24)}
    print(f"{len(feeds)} feeds")
    print("| plan | episodes | median delay, h | 90 % within, h | median of feeds' medians, h | polls per episode |")
    print("|---|---|---|---|---|---|")
    for name, plan in plans.items():
        chance = random.Random(given.seed)
        years = [lived(feed, plan, chance) for feed in feeds]
        every = sorted(delay / _HOUR for delays, _ in years for delay in delays)
        each = median(median(delay / _HOUR for delay in delays) for delays, _ in years if delays)
        polls = sum(polls for _, polls in years)
        late = every[int(0.9 * len(every))]
        print(f"| {name} | {len(every)} | {median(every):.1f} | {late:.1f} | {each:.1f} | {polls / len(every):.1f} |")


if __name__ == "__main__":
    main()
