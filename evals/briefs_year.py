"""A year of briefs for readers whose tastes are known: regret, distance in a brief, repeats, and how fast a dislike is learnt.

    python evals/briefs_year.py --data DIR [--readers 1000] [--days 365] [--cache DIR]

DIR is citeulike-a (Wang, Chen & Li 2013), each paper as its tags. Each day brings 45 papers, for a week, to all. A reader likes
what has one of three tags and dislikes a fourth that often stands beside them; they tell one of the three as their interest.
Noise: of what they like they save half, of what they dislike they say so nine times in ten, two in a hundred answers are
to the wrong paper. Strength is how many people saved a paper, which tells nothing of this reader. Seeded.
Regret is what the oracle, who knows the tags, would have brought and we did not.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from briefs_days import likeness

from briefs import CACHE, cached, interval, tag_texts
from takefive.briefs.choose import compose
from takefive.briefs.learn import Belief, Feedback, believe, draw, remember
from takefive.briefs.pick import SAME_POINT
from takefive.briefs.pool import Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS
from takefive.briefs.reasons import OUTSIDE
from takefive.briefs.signals import Asking, nearness
from takefive.briefs.values import Candidate, ComposedBrief, Profile
from takefive.common import minilm

START = datetime(2026, 1, 1, 7, tzinfo=UTC)
A_DAY, WEEK = 45, 7
SUBJECT = 0.4
TOPICS = 3

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
class Reader:
    """Who they are, and what they were sent and said."""

    number: int
    likes: set[int]
    dislikes: set[int]
    interest: np.ndarray
    history: list[Feedback] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    mails_after_less: int | None = None  # with what is disliked, after the first "less"
    less_on: int | None = None
    kept: list[int] = field(default_factory=list)
    best: list[int] = field(default_factory=list)
    oracle: list[int] = field(default_factory=list)  # what it sent
    guests: int = 0
    alike: list[float] = field(default_factory=list)
    repeats: int = 0
    learnt: tuple[int, Profile, Belief] | None = None  # after how many answers

    def knows(self) -> tuple[Profile, Belief]:
        """What the answers teach: reckoned anew when there are more of them."""
        if self.learnt is None or self.learnt[0] != len(self.history):
            told = remember(Profile(interests=("told",)), self.history)
            self.learnt = len(self.history), told, believe(self.history)
        return self.learnt[1:]


@dataclass
class World:
    """Papers with vectors and products (n, n); by reader and paper the nearness to what was sent by us, and by the oracle."""

    texts: list[str]
    vectors: np.ndarray
    strength: np.ndarray
    order: np.ndarray
    products: np.ndarray
    sent: np.ndarray
    told: np.ndarray


def readers(texts: list[str], vectors: np.ndarray, count: int) -> list[Reader]:
    """Seeded people: three tags that have 150 to 800 papers each near their name, and one that stands beside them."""
    rng = np.random.default_rng(0)
    tagged: dict[str, set[int]] = {}
    for paper, text in enumerate(texts):
        for tag in text.split(", "):
            tagged.setdefault(tag, set()).add(paper)
    able = sorted(tag for tag, papers in tagged.items() if 150 <= len(papers) <= 800)
    names = minilm.load().encode(able)
    near = [float((vectors[sorted(tagged[tag])] @ name).mean()) for tag, name in zip(able, names, strict=True)]
    kept = [n for n, cosine in enumerate(near) if cosine >= SUBJECT]  # "to read" or "theory" is no subject
    able, names = [able[n] for n in kept], names[kept]
    made = []
    for number in range(count):
        liked = rng.choice(len(able), 3, replace=False)
        likes = set().union(*(tagged[able[n]] for n in liked))
        beside = Counter({tag: len(tagged[tag] & likes) for tag in able if tag not in {able[n] for n in liked}})
        bad = tagged[rng.choice([tag for tag, _ in beside.most_common(10)])]
        made.append(Reader(number, likes - bad, bad, names[liked[:1]]))
    return made


def pool_of(day: int, world: World) -> Pool:
    """The papers of the last seven days."""
    now = START + timedelta(days=day)
    rows = []
    for ago in range(min(WEEK, day + 1)):
        for n in world.order[A_DAY * (day - ago) : A_DAY * (day - ago + 1)].tolist():
            marks = {"id": n, "episode": n, "podcast": n, "podcast_title": "", "headline": "", "text": world.texts[n]}
            found = now - timedelta(days=ago)
            strength, topics = float(world.strength[n]), tuple(world.texts[n].split(", ")[:TOPICS])
            rows.append(Candidate(vector=world.vectors[n], strength=strength, topics=topics, published=found, **marks))
    return Pool.of(rows, now)


WORLDS: list[World] = []  # of this process: too large to be sent to it


def _share(world: World) -> None:
    WORLDS[:] = [world]


def live(days: int, way: str, everyone: list[Reader]) -> tuple[list[Reader], float]:
    """All their days, and the CPU seconds these took; what was said is left behind, since only numbers travel back."""
    began, (world,) = time.process_time(), WORLDS
    for day in range(days):
        one_day(everyone, day, world, way)
    took = time.process_time() - began
    told = [replace(r, history=[], learnt=None, repeats=repeats(r, world.vectors)) for r in everyone]
    return told, took


def one_day(everyone: list[Reader], day: int, world: World, way: str) -> None:
    """Each gets a brief and answers; the products with the pool are made for all at once, as production does."""
    pool, now = pool_of(day, world), START + timedelta(days=day)
    known = [reader.knows() for reader in everyone]
    asked = [Asking(profile, reader.interest, None) for reader, (profile, _) in zip(everyone, known, strict=True)]
    for reader, asking, (_, belief), near in zip(everyone, asked, known, nearness(pool, asked), strict=True):
        profile = replace(asking.profile, sent_insights=frozenset(reader.sent))
        near = replace(near, sent=world.sent[reader.number, pool.id])
        draws = WAYS[way](belief, (reader.number, day)) if reader.history else None
        composed = compose(pool, profile, reader.interest, None, day=now.date(), now=now, draws=draws, near=near)
        note(reader, composed, pool, world)
        answer(reader, composed, day, world)


def answer(reader: Reader, composed: ComposedBrief, day: int, world: World) -> None:
    """What the reader says of each; it counts as sent from now on."""
    rng = np.random.default_rng((2, reader.number, day))
    ids = [choice.id for choice in composed.choices]
    reader.sent += ids
    if ids:
        np.maximum(world.sent[reader.number], world.products[ids].max(axis=0), out=world.sent[reader.number])
    for choice in composed.choices:
        good, bad = choice.id in reader.likes, choice.id in reader.dislikes
        wrong, asked = rng.random(2)
        signal = "less" if bad and asked < 0.9 else "save" if good and asked < 0.5 else None
        signal = ("save", "less")[int(asked < 0.5)] if wrong < 0.02 else signal
        if signal:
            words = {"podcast": choice.id, "text": world.texts[choice.id], "insight": choice.id}
            words |= {"topics": tuple(world.texts[choice.id].split(", ")[:TOPICS])}
            reader.history.append(
                Feedback(signal=signal, vector=world.vectors[choice.id], signals=choice.signals, **words)  # type: ignore[arg-type]
            )
            if bad and signal == "less" and reader.less_on is None:
                reader.less_on, reader.mails_after_less = day, 0


def oracle(reader: Reader, pool: Pool, world: World) -> int:
    """How many the oracle brings: up to five that are liked, the oldest first, none that it sent already in other words."""
    before, near = len(reader.oracle), world.told[reader.number]
    for paper in reversed(pool.id.tolist()):
        if paper in reader.likes and near[paper] < SAME_POINT and len(reader.oracle) < before + 5:
            reader.oracle.append(paper)
            np.maximum(near, world.products[paper], out=near)
    return len(reader.oracle) - before


def note(reader: Reader, composed: ComposedBrief, pool: Pool, world: World) -> None:
    """What the measures need, before the day is learnt from."""
    ids = [choice.id for choice in composed.choices]
    reader.kept.append(len(reader.likes & set(ids)))
    reader.best.append(oracle(reader, pool, world))
    reader.guests += sum(choice.reason == OUTSIDE for choice in composed.choices)
    if len(ids) > 1:
        reader.alike.append(likeness(world.vectors[ids]))
    if reader.mails_after_less is not None and reader.less_on is not None and len(reader.kept) <= reader.less_on + 31:
        own = {choice.id for choice in composed.choices if choice.reason != OUTSIDE}
        reader.mails_after_less += bool(reader.dislikes & own)


def repeats(reader: Reader, vectors: np.ndarray) -> int:
    """How many were sent twice, or within the cosine of one point: by the vectors themselves, after all was sent."""
    again = np.triu(vectors[reader.sent] @ vectors[reader.sent].T >= SAME_POINT, 1)
    return int(again.any(axis=0).sum())


def made(data: Path, cache: Path, count: int) -> tuple[list[Reader], World]:
    """The readers and the papers of a seeded year."""
    texts = tag_texts(data)
    vectors = cached(cache, "papers", lambda: minilm.load().encode(texts))
    saved = [json.loads(line)["items"] for line in (data / "users.jsonl").read_text().splitlines()]
    strength = np.log1p(np.bincount(np.concatenate(saved), minlength=len(texts)))
    strength /= strength.max()
    order = np.random.default_rng(1).permutation(len(texts))
    everyone = readers(texts, vectors, count)
    nothing = [np.zeros((count, len(texts)), dtype=np.float32) for _ in range(2)]
    return everyone, World(texts, vectors, strength, order, vectors @ vectors.T, *nothing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--way", choices=list(WAYS), default="thompson")
    told = parser.parse_args()
    everyone, world = made(told.data, told.cache, told.readers)
    parts = [everyone[n :: told.workers] for n in range(told.workers)]  # readers know nothing of one another
    with ProcessPoolExecutor(told.workers, get_context("fork"), _share, (world,)) as pool:
        lived = list(pool.map(partial(live, told.days, told.way), parts))
    report([reader for part, _ in lived for reader in part], told.days, sum(cpu for _, cpu in lived))


def report(everyone: list[Reader], days: int, cpu: float) -> None:
    people: list[object] = list(range(len(everyone)))
    print(f"{len(everyone)} readers, {days} days, {cpu / len(everyone) / days * 1000:.1f} ms CPU a brief\n")
    kept, best = (np.array([getattr(reader, name) for reader in everyone]) for name in ("kept", "best"))
    print("| days | kept a day | oracle | share |\n|---|---|---|---|")
    for first, last in ((1, 7), (8, 30), (31, 90), (91, 180), (181, 365)):
        if first <= days:
            ours, theirs = kept[:, first - 1 : last].mean(axis=1), best[:, first - 1 : last].mean(axis=1)
            mean, low, high = interval(list(ours), people)
            shown = f"{mean:.2f} ({low:.2f}-{high:.2f}) | {theirs.mean():.2f} | {ours.sum() / theirs.sum():.2f}"
            print(f"| {first}-{min(last, days)} | {shown} |")
    after = np.array([r.mails_after_less for r in everyone if r.mails_after_less is not None])
    print(f"\nregret {(best - kept).sum(axis=1).mean():.0f} of {best.sum(axis=1).mean():.0f}")
    print(f"distance in a brief {1 - np.mean([np.mean(r.alike) for r in everyone]):.2f}")
    sent, guests = sum(len(r.sent) for r in everyone), sum(r.guests for r in everyone)
    print(f"repeats {sum(r.repeats for r in everyone)} of {sent:,} sent, {guests:,} of them from outside")
    print(
        f"mails with what is disliked, beside guests, in the 30 days after the first less: mean {after.mean():.2f}, "
        f"median {np.median(after):.0f}, at most 3 for {(after <= 3).mean():.0%} of {len(after)}"
    )


if __name__ == "__main__":
    main()
