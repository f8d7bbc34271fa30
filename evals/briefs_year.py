"""A year of briefs for readers whose tastes are known: regret, distance in a brief, repeats, and how fast a dislike is learnt.

    python evals/briefs_year.py --data DIR --out DIR [--readers 1000] [--days 365] [--shard 1/5] [--way greedy]

What is said each day, and who the readers are, is in briefs_world.py. A reader likes what has one of three tags and dislikes a
fourth that often stands beside them; they tell one of the three as their interest. Noise: of what they like they save half,
of what they dislike they say so nine times in ten, two in a hundred answers are to the wrong insight; what they say nothing
of in a mail that they answered counts as passed over, as in production. Strength is how many people saved a paper, which
tells nothing of this reader. Seeded.
Regret is what the oracle, who knows the tags and keeps the same caps, would have brought and we did not.

Readers know nothing of one another, so a shard is a run of its own: its numbers are kept in --out, where it is not run again, and
the report is over all shards that lie there once none is missing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from briefs_days import likeness
from briefs_world import A_DAY, START, WEEK, Tastes, World, made

from briefs import CACHE, interval
from takefive.briefs.choose import compose
from takefive.briefs.learn import Belief, Feedback, believe, draw, remember
from takefive.briefs.pick import PER_PODCAST, SAME_POINT
from takefive.briefs.pool import Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS
from takefive.briefs.reasons import OUTSIDE
from takefive.briefs.signals import Asking, nearness
from takefive.briefs.values import ComposedBrief, Profile

WATCHED = 30  # days after the first "less"

# How the weights of a day come from what is believed, (1, p); each beside the others on the same days.
WAYS: dict[str, Callable[[Belief, tuple[int, int]], np.ndarray]] = {
    "thompson": draw,
    "greedy": lambda belief, _: belief.mean[None],
    "epsilon": lambda belief, seed: (
        draw(believe([]), seed, boldness=1.0) if np.random.default_rng(seed).random() < 0.1 else belief.mean[None]
    ),
    "ucb": lambda belief, _: (belief.mean + 0.3 * np.sqrt(np.diag(np.linalg.inv(belief.precision))))[None],
    "common": lambda _belief, _seed: DEFAULT_WEIGHTS.row()[None],
}
"""The fourth is LinUCB's bonus (Li and others, WWW 2010) with the correlations of the weights left out, so that it stays linear."""


@dataclass
class Lived:
    """What is counted of one reader's days. Repeats are by what an insight says in truth: `known` is what relate grouped or
    the cosine tells, `unseen` what neither does, `news` what came as news."""

    kept: list[int] = field(default_factory=list)
    best: list[int] = field(default_factory=list)
    alike: list[float] = field(default_factory=list)
    sent: int = 0
    guests: int = 0
    known: int = 0
    unseen: int = 0
    news: int = 0
    mails_after_less: int | None = None  # with what is disliked, guests apart


@dataclass
class Reader:
    """One reader, what they were sent and said, and how near each insight of the year is to it, (n,)."""

    tastes: Tastes
    near: np.ndarray
    oracles: np.ndarray  # the same for what the oracle sent
    history: list[Feedback] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    papers: set[int] = field(default_factory=set)
    points: dict[int, int] = field(default_factory=dict)  # groups, with their voices then
    less_on: int | None = None
    lived: Lived = field(default_factory=Lived)
    learnt: tuple[int, Profile, Belief] | None = None  # after how many answers

    def knows(self) -> tuple[Profile, Belief]:
        """What the answers teach: reckoned anew when there are more of them."""
        if self.learnt is None or self.learnt[0] != len(self.history):
            told = remember(Profile(interests=("told",)), self.history)
            self.learnt = len(self.history), told, believe(self.history)
        return self.learnt[1:]

    def asks(self, pool: Pool, world: World) -> Asking:
        """As production asks: with what was sent, points by whoever puts them best today."""
        profile, _ = self.knows()
        groups = zip(world.group[pool.id].tolist(), pool.point.tolist(), strict=True)
        points = {point: self.points[group] for group, point in groups if group in self.points}
        return Asking(replace(profile, sent_insights=frozenset(self.sent), sent_points=points), self.tastes.interest)


def begin(everyone: list[Tastes], world: World) -> list[Reader]:
    """Readers who were sent nothing yet."""
    nothing = [np.zeros((len(everyone), len(world.said)), dtype=np.float32) for _ in range(2)]
    return [Reader(tastes, *(of[n] for of in nothing)) for n, tastes in enumerate(everyone)]


def live(everyone: list[Tastes], world: World, days: int, way: str) -> list[Lived]:
    """All their days."""
    readers = begin(everyone, world)
    for day in range(days):
        pool, now = world.pool(day), START + timedelta(days=day)
        asked = [reader.asks(pool, world) for reader in readers]
        for reader, asking, near in zip(readers, asked, nearness(pool, asked), strict=True):
            near = replace(near, sent=reader.near[pool.id])
            seed = (reader.tastes.number, day)
            draws = WAYS[way](reader.knows()[1], seed) if reader.history else None
            profile, interest = asking.profile, asking.interests
            composed = compose(pool, profile, interest, None, day=now.date(), now=now, draws=draws, near=near)
            note(reader, composed, pool, day, world)
            answer(reader, composed, day, world)
    return [reader.lived for reader in readers]


def answer(reader: Reader, composed: ComposedBrief, day: int, world: World) -> None:
    """What the reader says of each; it counts as sent from now on."""
    rng = np.random.default_rng((2, reader.tastes.number, day))
    ids, signals = [choice.id for choice in composed.choices], list[str | None]()
    later = max(0, day - WEEK + 1) * A_DAY
    if ids:
        np.maximum(reader.near[later:], world.products[ids, later:].max(axis=0), out=reader.near[later:])
    for choice in composed.choices:
        paper, group = world.said[choice.id].paper, world.said[choice.id].group
        reader.points[group] = max(choice.voices, reader.points.get(group, 0))
        good, bad = paper in reader.tastes.likes, paper in reader.tastes.dislikes
        wrong, asked = rng.random(2)
        signal = "less" if bad and asked < 0.9 else "save" if good and asked < 0.5 else None
        signals.append(("save", "less")[int(asked < 0.5)] if wrong < 0.02 else signal)
        if bad and signals[-1] == "less" and reader.less_on is None:
            reader.less_on, reader.lived.mails_after_less = day, 0
    reader.sent += ids
    reader.papers |= {world.said[id].paper for id in ids}
    for choice, signal in zip(composed.choices, signals, strict=True):
        said, answered = world.said[choice.id], signal or ("skip" if any(signals) else None)
        if answered:
            words = {"podcast": said.show, "text": said.text, "insight": choice.id, "topics": said.topics}
            reader.history.append(
                Feedback(signal=answered, vector=said.vector, signals=choice.signals, **words)  # type: ignore[arg-type]
            )


def oracle(reader: Reader, pool: Pool, world: World) -> int:
    """How many the oracle brings: up to five that are liked, the oldest first, by the caps, none that it sent already."""
    brought, shows, episodes = 0, Counter[int](), set[int]()
    liked = [at for at in reversed(pool.id.tolist()) if world.said[at].paper in reader.tastes.likes]
    for at in liked:
        show, episode = world.said[at].show, int(world.episode[at])
        free = shows[show] < PER_PODCAST and episode not in episodes and reader.oracles[at] < SAME_POINT
        if free and brought < 5:
            brought += 1
            shows[show] += 1
            episodes.add(episode)
            later = slice(int(pool.id.min()), None)
            same = (world.group[later] == world.group[at]) | (world.paper[later] == world.paper[at])
            reader.oracles[later] = np.maximum(reader.oracles[later], world.products[at, later])
            reader.oracles[later][same] = 1
    return brought


def note(reader: Reader, composed: ComposedBrief, pool: Pool, day: int, world: World) -> None:
    """What the measures need, before the day is learnt from."""
    lived, ids = reader.lived, [choice.id for choice in composed.choices]
    lived.sent += len(ids)
    lived.kept.append(len({world.said[id].paper for id in ids} & reader.tastes.likes - reader.papers))
    lived.best.append(oracle(reader, pool, world))
    lived.guests += sum(choice.reason == OUTSIDE for choice in composed.choices)
    if len(ids) > 1:
        lived.alike.append(likeness(world.vectors[ids]))
    if lived.mails_after_less is not None and reader.less_on is not None and day <= reader.less_on + WATCHED:
        own = {world.said[choice.id].paper for choice in composed.choices if choice.reason != OUTSIDE}
        lived.mails_after_less += bool(reader.tastes.dislikes & own)
    count_repeats(reader, composed, world)


def count_repeats(reader: Reader, composed: ComposedBrief, world: World) -> None:
    """Which of these say what was sent before or stands beside them, and who could have known it."""
    before, papers, groups = list(reader.sent), set(reader.papers), set(reader.points)
    for choice in composed.choices:
        said = world.said[choice.id]
        near = float(world.products[choice.id, before].max()) if before else 0.0
        if "voice: " in choice.reason:
            reader.lived.news += 1
        elif said.group in groups or near >= SAME_POINT:
            reader.lived.known += 1
        elif said.paper in papers:
            reader.lived.unseen += 1
        before.append(choice.id)
        papers.add(said.paper)
        groups.add(said.group)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="where the numbers of each shard are kept")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--shard", default="1/1", help="which of how many, such as 2/5")
    parser.add_argument("--way", choices=list(WAYS), default="thompson")
    told = parser.parse_args()
    which, shards = map(int, told.shard.split("/"))
    name = f"{told.way}-{told.readers}-{told.days}-{{}}of{shards}.json"
    path = told.out / name.format(which)
    if not path.exists():
        world, everyone = made(told.data, told.cache, told.days, told.readers)
        began = time.process_time()
        lived = live(everyone[which - 1 :: shards], world, told.days, told.way)
        told.out.mkdir(parents=True, exist_ok=True)
        numbers = {"cpu": time.process_time() - began, "lived": [asdict(one) for one in lived]}
        path.write_text(json.dumps(numbers))
    paths = [told.out / name.format(n + 1) for n in range(shards)]
    if all(path.exists() for path in paths):
        parts = [json.loads(path.read_text()) for path in paths]
        report([Lived(**one) for part in parts for one in part["lived"]], told.days, sum(part["cpu"] for part in parts))


def report(everyone: list[Lived], days: int, cpu: float) -> None:
    people: list[object] = list(range(len(everyone)))
    print(f"{len(everyone)} readers, {days} days, {cpu / len(everyone) / days * 1000:.1f} ms CPU a brief\n")
    kept, best = (np.array([getattr(one, name) for one in everyone]) for name in ("kept", "best"))
    print("| days | kept a day | oracle | share |\n|---|---|---|---|")
    for first, last in ((1, 7), (8, 30), (31, 90), (91, 180), (181, 365)):
        if first <= days:
            ours, theirs = kept[:, first - 1 : last].mean(axis=1), best[:, first - 1 : last].mean(axis=1)
            mean, low, high = interval(list(ours), people)
            shown = f"{mean:.2f} ({low:.2f}-{high:.2f}) | {theirs.mean():.2f} | {ours.sum() / theirs.sum():.2f}"
            print(f"| {first}-{min(last, days)} | {shown} |")
    mean, low, high = interval(list((best - kept).sum(axis=1).astype(float)), people)
    print(f"\nregret {mean:.0f} ({low:.0f}-{high:.0f}) of {best.sum(axis=1).mean():.0f}")
    print(f"distance in a brief {1 - np.mean([np.mean(one.alike) for one in everyone if one.alike]):.2f}")
    total = {
        name: sum(getattr(one, name) for one in everyone) for name in ("sent", "guests", "known", "unseen", "news")
    }
    print(f"{total['sent']:,} sent, {total['guests']:,} of them from outside, {total['news']:,} as news")
    print(f"repeats: {total['known']} known, {total['unseen']:,} that neither relate nor the cosine tells")
    after = np.array([one.mails_after_less for one in everyone if one.mails_after_less is not None])
    print(
        f"mails with what is disliked, beside guests, in the {WATCHED} days after the first less: mean {after.mean():.2f}, "
        f"median {np.median(after):.0f}, at most 3 for {(after <= 3).mean():.1%} of {len(after)}; "
        + ", ".join(f"{n}: {(after == n).sum()}" for n in range(int(after.max()) + 1))
    )


if __name__ == "__main__":
    main()
