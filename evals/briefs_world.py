"""A made-up year of insights and the readers who live it, from the papers and tags of citeulike-a (Wang, Chen & Li 2013). Seeded.

Each day brings 40 papers nobody has met and 5 that come back in other words. A paper belongs to one of 24 shows, mostly to the
one nearest to it, and a show has an episode a day. An insight's text is its tags; of these one in three is told as a topic,
so that the tag which decides is mostly not.

What comes back has a vector with a cosine of 0.60 to 0.95 to the one before, three in five of its words, and any show. Of
those nearer than relate's `NEAR` every other one is put into one group with it (relate looks for precision, and misses many);
every other newcomer of a group puts the point better and stands for it from then on. Some papers come back often: then many
voices are news.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from briefs import cached, tag_texts
from takefive.briefs.pool import Pool
from takefive.briefs.values import Candidate
from takefive.common import minilm
from takefive.relations.same_point import NEAR

START = datetime(2026, 1, 1, 7, tzinfo=UTC)
NEW, AGAIN, WEEK = 40, 5, 7
A_DAY = NEW + AGAIN
SHOWS, AT_HOME = 24, 0.7
RETURNS_WITHIN = 60  # days
OFTEN = 0.3  # of what returns has returned before
COSINES, WORDS, GROUPED, BETTER = (0.60, 0.95), 0.6, 0.5, 0.5
TOPIC = 1 / 3
SUBJECT = 0.4


@dataclass(frozen=True, slots=True)
class Said:
    """One insight. `paper` is what it says in truth; `group` is what relate takes it for, by the first that said it."""

    paper: int
    text: str
    topics: tuple[str, ...]
    vector: np.ndarray
    show: int
    group: int
    voice: int
    better: bool  # puts its point better than those before


@dataclass
class World:
    """What is said, `A_DAY` each day, in that order; vectors (n, d), products (n, n), and columns of all, (n,)."""

    strength: np.ndarray  # of each paper
    said: list[Said] = field(default_factory=list)
    groups: dict[int, list[int]] = field(default_factory=dict)

    def close(self) -> World:
        """Once all is said."""
        self.vectors = np.stack([one.vector for one in self.said])
        self.products = self.vectors @ self.vectors.T
        self.paper, self.group, self.show = (
            np.array([getattr(one, name) for one in self.said]) for name in ("paper", "group", "show")
        )
        self.episode = np.arange(len(self.said)) // A_DAY * SHOWS + self.show
        return self

    def pool(self, day: int) -> Pool:
        """The last seven days, each point by who puts it best until then."""
        now, first, end = START + timedelta(days=day), max(0, day - WEEK + 1) * A_DAY, (day + 1) * A_DAY
        rows = []
        for at in range(end - 1, first - 1, -1):
            one, found = self.said[at], START + timedelta(days=at // A_DAY)
            members = [n for n in self.groups[one.group] if n < end]
            head = next(n for n in reversed(members) if self.said[n].better)
            marks = {"id": at, "episode": int(self.episode[at]), "podcast": one.show, "headline": "", "text": one.text}
            marks |= {"podcast_title": f"show {one.show}", "vector": one.vector, "topics": one.topics}
            marks |= {"voice": one.voice, "voices": max(self.said[n].voice for n in members)}
            marks |= {"point": None if head == at else head, "published": found, "found": found}
            rows.append(Candidate(strength=float(self.strength[one.paper]), **marks))
        return Pool.of(rows, now)


@dataclass(frozen=True)
class Tastes:
    """Which papers a reader likes, which they dislike, and the vector (1, d) of the one interest they tell."""

    number: int
    likes: frozenset[int]
    dislikes: frozenset[int]
    interest: np.ndarray


def made(data: Path, cache: Path, days: int, count: int) -> tuple[World, list[Tastes]]:
    """So many days and readers."""
    texts = tag_texts(data)
    vectors = cached(cache, "papers", lambda: minilm.load().encode(texts))
    saved = [json.loads(line)["items"] for line in (data / "users.jsonl").read_text().splitlines()]
    strength = np.log1p(np.bincount(np.concatenate(saved), minlength=len(texts)))
    return world(texts, vectors, strength / strength.max(), days), readers(texts, vectors, count)


def world(texts: list[str], vectors: np.ndarray, strength: np.ndarray, days: int) -> World:
    """All that is said in so many days."""
    rng, made = np.random.default_rng(1), World(strength)
    order = rng.permutation(len(texts))
    homes = (vectors @ vectors[rng.choice(len(texts), SHOWS, replace=False)].T).argmax(axis=1)
    for day in range(days):
        for paper in order[NEW * day : NEW * (day + 1)].tolist():
            show = int(homes[paper]) if rng.random() < AT_HOME else int(rng.integers(SHOWS))
            _say(made, paper, texts[paper].split(", "), vectors[paper], show, rng)
        for _ in range(AGAIN):
            _again(made, day, vectors, rng)
    return made.close()


def _say(
    made: World, paper: int, words: list[str], vector: np.ndarray, show: int, rng: np.random.Generator, group: int = -1
) -> None:
    group, better = (group, bool(rng.random() < BETTER)) if group >= 0 else (len(made.said), True)
    before = made.groups.setdefault(group, [])
    heard = {made.said[n].show: made.said[n].voice for n in before}
    voice = heard.get(show, len(set(heard.values())) + 1)
    topics = tuple(word for word in words if rng.random() < TOPIC)
    before.append(len(made.said))
    made.said.append(Said(paper, ", ".join(words), topics, vector, show, group, voice, better))


def _again(made: World, day: int, vectors: np.ndarray, rng: np.random.Generator) -> None:
    """One of the last two months in other words."""
    first, end = max(0, A_DAY * (day - RETURNS_WITHIN)), len(made.said)
    often = [n for n in range(first, end) if n % A_DAY >= NEW]
    at = int(rng.choice(often)) if often and rng.random() < OFTEN else int(rng.integers(first, end))
    one, cosine = made.said[at], rng.uniform(*COSINES)
    aside = vectors[rng.integers(len(vectors))]  # said beside something else
    aside = aside - (aside @ one.vector) * one.vector
    vector = cosine * one.vector + np.sqrt(1 - cosine**2) * aside / np.linalg.norm(aside)
    words = one.text.split(", ")
    kept = rng.permutation(words)[: max(1, round(WORDS * len(words)))].tolist()
    group = one.group if cosine >= NEAR and rng.random() < GROUPED else -1
    _say(made, one.paper, kept, vector.astype(np.float32), int(rng.integers(SHOWS)), rng, group)


def readers(texts: list[str], vectors: np.ndarray, count: int) -> list[Tastes]:
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
        made.append(Tastes(number, frozenset(likes - bad), frozenset(bad), names[liked[:1]]))
    return made
