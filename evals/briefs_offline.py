"""Would another ranker have done better? Judged on the choices that were made, by their propensities, without running it.

    python evals/briefs_offline.py --data DIR [--readers 60] [--days 30]     # simulated readers, beside the truth
    python evals/briefs_offline.py --stored 30                               # the last 30 days of this installation

Each brief is made again as each other ranker would have made it, from what was known when it was made; the reward of a choice
counts as often as the other would have chosen it for each time that we did (self-normalised inverse propensity: Swaminathan &
Joachims, NeurIPS 2015, cut at 20). Guests from outside and first briefs are not explored with and stay out. DIR is citeulike-a,
the readers are those of briefs_year.py, whose tastes are known: so the truth is what the other ranker's own choices are worth.
The installation is that of TAKEFIVE_HOME or DATABASE_URL; nothing in it is changed.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from briefs import CACHE
from takefive.briefs.choose import compose
from takefive.briefs.learn import REWARDS, Belief, believe, draw, estimate
from takefive.briefs.rank import DEFAULT_WEIGHTS
from takefive.briefs.reasons import OUTSIDE
from takefive.briefs.signals import nearness
from takefive.briefs.values import ComposedBrief

DRAWS = 200
OTHERS: dict[str, Callable[[Belief], np.ndarray]] = {
    "common weights": lambda _: DEFAULT_WEIGHTS.row()[None],
    "regression's mean (greedy)": lambda belief: belief.mean[None],
    "another draw (what is in use)": lambda belief: draw(belief, (7, 7)),
}
# (reader, reward, propensity, 1.0 where the other chose it too)
Logged = tuple[int, float, float, float]


def own(composed: ComposedBrief) -> list[int]:
    return [choice.id for choice in composed.choices if choice.reason != OUTSIDE]


def simulated(data: Path, cache: Path, readers: int, days: int) -> tuple[dict[str, list[Logged]], dict[str, float]]:
    """By ranker what was logged, and what its own choices were worth on the same days."""
    import briefs_year as year

    world, everyone = year.made(data, cache, days, readers)
    logged, worth = defaultdict[str, list[Logged]](list), defaultdict[str, list[float]](list)
    lives = year.begin(everyone, world)
    for day in range(days):
        pool, now = world.pool(day), year.START + timedelta(days=day)
        asked = [reader.asks(pool, world) for reader in lives]
        for reader, asking, near in zip(lives, asked, nearness(pool, asked), strict=True):
            profile, belief, tastes = asking.profile, reader.knows()[1], reader.tastes
            near = replace(near, sent=reader.near[pool.id])

            def five(draws: np.ndarray | None) -> ComposedBrief:
                return compose(pool, profile, tastes.interest, None, day=now.date(), now=now, draws=draws, near=near)  # noqa: B023

            ours = five(draw(belief, (tastes.number, day), DRAWS) if reader.history else None)
            for name, weights in OTHERS.items() if reader.history else ():
                theirs = own(five(weights(belief)))
                worth[name] += [float(world.said[id].paper in tastes.likes) for id in theirs]
                logged[name] += [
                    (tastes.number, float(world.said[c.id].paper in tastes.likes), c.propensity, float(c.id in theirs))
                    for c in ours.choices
                    if c.reason != OUTSIDE
                ]
            year.answer(reader, ours, day, world)
    return logged, {name: float(np.mean(of)) for name, of in worth.items()}


def stored(days: int) -> dict[str, list[Logged]]:
    """By ranker what was logged in the last days, each brief made again from what was known then."""
    from takefive.cli.boot import boot

    boot()
    from django.db import transaction
    from django.utils import timezone

    from takefive.store.models import Brief

    logged = defaultdict[str, list[Logged]](list)
    since = timezone.now() - timedelta(days=days)
    for brief in Brief.objects.filter(created_at__gte=since, items__propensity__lt=1).distinct().iterator():
        with transaction.atomic():
            for name, row in _again(brief):
                logged[name].append(row)
            transaction.set_rollback(True)
    return logged


def _again(brief: object) -> Iterator[tuple[str, Logged]]:
    """One stored brief by each ranker. What was said since counts as taken back: the caller undoes that."""
    from takefive.accounts.wishes import document_of
    from takefive.pipeline.candidates import Pools
    from takefive.pipeline.steps.brief import _vectors
    from takefive.pipeline.tastes import tastes
    from takefive.store.models import Brief, Feedback

    assert isinstance(brief, Brief)
    said = Feedback.objects.standing().filter(reader=brief.reader)
    items = {item.insight_id: item for item in brief.items.exclude(reason=OUTSIDE)}
    rewards = dict.fromkeys(items, 0.0)
    for insight, kind in said.filter(insight__in=items).values_list("insight_id", "kind"):
        rewards[insight] = max(rewards[insight], REWARDS[kind], key=abs)
    now, before = brief.created_at, brief.reader.briefs.filter(day__lt=brief.day).order_by("-day").first()
    said.filter(at__gte=now).update(undone_at=now)
    profile, history = tastes(brief.reader, document_of(brief.reader), now, before=now)
    pool = Pools(now).of(brief.day, before and before.day, profile.languages)
    vectors = _vectors(profile.interests), _vectors(profile.not_interests)
    for name, weights in OTHERS.items():
        theirs = own(compose(pool, profile, *vectors, day=brief.day, now=now, draws=weights(believe(history))))
        for insight, item in items.items():
            yield name, (brief.reader_id, rewards[insight], item.propensity, float(insight in theirs))


def report(logged: dict[str, list[Logged]], truth: dict[str, float]) -> None:
    print("| ranker | estimated reward of a choice | chosen alike |" + (" truth |" if truth else ""))
    print("|---|---|---|" + ("---|" if truth else ""))
    for name, rows in logged.items():
        readers, rewards, shown, wanted = np.array(rows).T
        rng, people = np.random.default_rng(0), np.unique(readers)
        of = [np.flatnonzero(readers == one) for one in people]
        drawn = [np.concatenate([of[n] for n in rng.integers(0, len(of), len(of))]) for _ in range(400)]
        low, high = np.percentile([estimate(rewards[at], shown[at], wanted[at]) for at in drawn], [2.5, 97.5])
        cells = f"{estimate(rewards, shown, wanted):.3f} ({low:.3f}-{high:.3f}) | {wanted.mean():.2f} |"
        print(f"| {name} | {cells}" + (f" {truth[name]:.3f} |" if truth else ""))
    print(f"\nwhat was sent: {np.array(next(iter(logged.values())))[:, 1].mean():.3f}" if logged else "\nnothing yet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--stored", type=int, metavar="DAYS")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--readers", type=int, default=60)
    parser.add_argument("--days", type=int, default=30)
    told = parser.parse_args()
    if told.stored:
        report(stored(told.stored), {})
    elif told.data:
        report(*simulated(told.data, told.cache, told.readers, told.days))
    else:
        parser.error("tell --data DIR or --stored DAYS")


if __name__ == "__main__":
    main()
