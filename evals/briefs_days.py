"""Does a reader's brief get better by the day? Simulated readers with real tastes, each way of learning in the same run.

    python evals/briefs_days.py --data DIR [--readers 200] [--days 20]

DIR is citeulike-a (Wang, Chen & Li 2013). A reader is a person with at least 3 x days saved papers. Each day brings 60
papers, 3 of them the reader's own; the brief is five of the 60, chosen by `briefs.choose`. The reader keeps one of their
own nine times in ten ("save") and any other three times in a hundred, passes over the rest ("skip") and one time in ten
says "less". Strength is how many other people saved a paper; freshness is noise, which a learner has to find out. Stated
interests: the reader's two most telling tags. The best possible is 3 of 5 a day. Seeded: the same table each time.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from briefs import CACHE, cached, interval, matrix, tag_texts
from takefive.briefs.choose import compose
from takefive.briefs.learn import Feedback, as_weights, believe, draw, remember
from takefive.briefs.pool import Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS, Weights
from takefive.briefs.values import Candidate, Choice, Profile
from takefive.common import minilm

START = datetime(2026, 1, 5, 7, tzinfo=UTC)
OWN, STRANGE = 3, 57
PERIODS = ((1, 1), (2, 5), (6, 10), (11, 20))


@dataclass
class Reader:
    """A simulated reader and what each day brings them."""

    number: int
    own: set[int]
    interests: np.ndarray
    days: list[np.ndarray]
    history: list[Feedback] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)


def readers(saved: list[np.ndarray], texts: list[str], count: int, days: int) -> list[Reader]:
    rng = np.random.default_rng(0)
    able = [n for n, items in enumerate(saved) if len(items) >= OWN * days]
    made = []
    for number in rng.choice(able, min(count, len(able)), replace=False):
        own = rng.permutation(saved[number])
        strange = rng.permutation(np.setdiff1d(np.arange(len(texts)), own))
        pools = [
            np.r_[own[OWN * day : OWN * (day + 1)], strange[STRANGE * day : STRANGE * (day + 1)]] for day in range(days)
        ]
        made.append(Reader(int(number), set(own.tolist()), telling_tags(own, texts), pools))
    return made


def telling_tags(own: np.ndarray, texts: list[str]) -> np.ndarray:
    """The vectors of the two tags that say most about a person: frequent in their papers, rare in all."""
    counts: dict[str, int] = {}
    for paper in own:
        for tag in texts[paper].split(", "):
            counts[tag] = counts.get(tag, 0) + 1
    rare = {tag: n * np.log(len(texts) / COMMON.get(tag, 1)) for tag, n in counts.items()}
    return minilm.load().encode(sorted(rare, key=lambda tag: -rare[tag])[:2])


COMMON: dict[str, int] = {}


@dataclass
class Way:
    """A way of learning: whether points and shows are remembered, and how the weights are come by."""

    name: str
    remembers: bool = False
    weighs: str = "common"

    def weights(self, reader: Reader, day: int) -> Weights:
        if self.weighs == "common":
            return DEFAULT_WEIGHTS
        belief = believe(reader.history)
        return as_weights(belief.mean if self.weighs == "mean" else draw(belief, (reader.number, day))[0])


WAYS = (
    Way("stated interests, nothing learnt"),
    Way("remembers what was liked", remembers=True),
    Way("remembers, weights by regression (greedy)", remembers=True, weighs="mean"),
    Way("remembers, weights by Thompson sampling", remembers=True, weighs="drawn"),
)


def live(way: Way, everyone: list[Reader], pool: Pool) -> tuple[np.ndarray, np.ndarray]:
    """Kept per reader and day (readers, days), and likeness within briefs."""
    days = len(everyone[0].days)
    kept, alike = np.zeros((len(everyone), days)), np.zeros((len(everyone), days))
    for row, reader in enumerate(everyone):
        reader.history, reader.sent = [], []
        rng = np.random.default_rng(reader.number)
        for day in range(days):
            choices = one_day(way, reader, day, pool, rng)
            ids = [choice.id for choice in choices]
            assert not set(ids) & set(reader.sent), "nothing is sent twice"
            reader.sent += ids
            kept[row, day] = len(reader.own & set(ids))
            alike[row, day] = likeness(pool.vectors[ids])
    return kept, alike


def one_day(way: Way, reader: Reader, day: int, pool: Pool, rng: np.random.Generator) -> Sequence[Choice]:
    now = START + timedelta(days=day)
    profile = Profile(interests=("first", "second"), serendipity=0, sent_insights=frozenset(reader.sent))
    profile = remember(profile, reader.history) if way.remembers else profile
    todays = pool.only(reader.days[day])
    composed = compose(
        todays, profile, reader.interests, None, day=now.date(), now=now, floor=-9.0, weights=way.weights(reader, day)
    )
    for choice in composed.choices:
        saved = rng.random() < (0.9 if choice.id in reader.own else 0.03)
        signal = "save" if saved else "less" if rng.random() < 0.1 else "skip"
        reader.history.append(
            Feedback(
                signal=signal,
                vector=pool.vectors[choice.id],
                podcast=0,
                signals=choice.signals,
                text=pool.candidates[choice.id].text,
            )
        )
    return composed.choices


def likeness(vectors: np.ndarray) -> float:
    """Mean cosine of the pairs in a brief; one less this is the intra-list distance."""
    pairs = vectors @ vectors.T
    return float(pairs[np.triu_indices(len(vectors), 1)].mean()) if len(vectors) > 1 else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--days", type=int, default=20)
    told = parser.parse_args()
    saved = [np.array(json.loads(line)["items"]) for line in (told.data / "users.jsonl").read_text().splitlines()]
    texts = tag_texts(told.data)
    for text in texts:
        for tag in text.split(", "):
            COMMON[tag] = COMMON.get(tag, 0) + 1
    vectors = cached(told.cache, "papers", lambda: minilm.load().encode(texts))
    everyone = readers(saved, texts, told.readers, told.days)
    pool = make_pool(texts, vectors, saved, everyone)
    print(f"{len(everyone)} readers, {told.days} days, {OWN} of {OWN + STRANGE} papers a day are the reader's own\n")
    report(everyone, pool)


def make_pool(texts: list[str], vectors: np.ndarray, saved: list[np.ndarray], everyone: list[Reader]) -> Pool:
    judged = {reader.number for reader in everyone}
    others = matrix([items for n, items in enumerate(saved) if n not in judged], len(vectors))
    popular = np.log1p(np.asarray(others.sum(axis=0)).ravel())
    age = np.random.default_rng(1).exponential(5, len(vectors))
    return Pool.of(
        [
            Candidate(
                id=n,
                vector=vectors[n],
                episode=n,
                podcast=n,
                podcast_title="",
                headline="",
                text=texts[n],
                strength=float(popular[n] / popular.max()),
                published=START - timedelta(days=float(age[n])),
            )
            for n in range(len(vectors))
        ],
        START,
    )


def report(everyone: list[Reader], pool: Pool) -> None:
    last = len(everyone[0].days)
    periods = [(a, min(b, last)) for a, b in PERIODS if a <= last]
    print("| way | " + " | ".join(f"day {a}-{b}" for a, b in periods) + " | regret | distance in a brief |")
    print("|---|" + "---|" * (len(periods) + 2))
    chance = OWN * 5 / (OWN + STRANGE)
    print("| at random | " + " | ".join(f"{chance:.2f}" for _ in periods) + f" | {last * (OWN - chance):.1f} | |")
    for way in WAYS:
        kept, alike = live(way, everyone, pool)
        cells = [interval(list(kept[:, a - 1 : b].mean(axis=1)), list(range(len(kept)))) for a, b in periods]
        shown = " | ".join("{:.2f} ({:.2f}-{:.2f})".format(*cell) for cell in cells)
        print(f"| {way.name} | {shown} | {(OWN - kept).sum(axis=1).mean():.1f} | {1 - alike.mean():.2f} |", flush=True)
    print("| oracle | " + " | ".join(f"{OWN:.2f}" for _ in periods) + " | 0.0 | |")


if __name__ == "__main__":
    main()
