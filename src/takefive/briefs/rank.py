"""How much each candidate is worth to a reader, as a sum of named parts, by numpy matrix products.

The parts are the usual ones of content-based news recommendation (Lops, de Gemmis & Semeraro 2011; Li et al. 2010):
nearness to what the reader asked for, quality, recency, novelty, and the standing of the source with the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.values import Candidate, Profile, Vector

Floats = NDArray[np.float32]

# Cosines of all-MiniLM-L6-v2 between a phrase and an insight: 0.14 is the 75th percentile of unrelated pairs, 0.34
# the 99th; the best insight of an episode for its own topic has 0.30 to 0.58 (docs/benchmarks/briefs.md).
COSINE_NOTHING = 0.15
COSINE_ALL = 0.55
CLOSE = 0.30
HALF_LIFE_DAYS = 7.0
UNKNOWN_AGE_DAYS = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each part is worth at most. A score is the sum of its parts: 0 is nothing, about 1 is as good as can be."""

    relevance: float = 0.50
    strength: float = 0.25
    freshness: float = 0.10
    novelty: float = 0.05
    voices: float = 0.05
    followed: float = 0.15
    against: float = -0.60

    def impersonal(self) -> Weights:
        """The same for a reader of whom nothing is known: what is not about the reader, scaled to sum to one."""
        total = self.strength + self.freshness + self.novelty + self.voices
        return Weights(
            relevance=0.0,
            followed=0.0,
            against=self.against,
            strength=self.strength / total,
            freshness=self.freshness / total,
            novelty=self.novelty / total,
            voices=self.voices / total,
        )


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Candidates as columns, made once and ranked for many readers. `vectors` is (n, d), rows of length 1."""

    candidates: tuple[Candidate, ...]
    vectors: Floats
    strength: Floats
    freshness: Floats
    voices: Floats
    podcast: NDArray[np.int64]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], now: datetime) -> Pool:
        """The pool of these candidates as of `now` (aware)."""
        return cls(
            candidates=tuple(candidates),
            vectors=np.stack([c.vector for c in candidates]) if candidates else np.empty((0, 0), dtype=np.float32),
            strength=np.clip(np.array([c.strength for c in candidates], dtype=np.float32), 0, 1),
            freshness=np.array([_freshness(c, now) for c in candidates], dtype=np.float32),
            voices=np.clip(np.log2(np.array([max(c.voices, 1) for c in candidates], dtype=np.float32)) / 2, 0, 1),
            podcast=np.array([c.podcast for c in candidates], dtype=np.int64),
        )

    def only(self, rows: NDArray[np.intp]) -> Pool:
        """The same pool with these rows alone."""
        return Pool(
            candidates=tuple(self.candidates[row] for row in rows),
            vectors=self.vectors[rows],
            strength=self.strength[rows],
            freshness=self.freshness[rows],
            voices=self.voices[rows],
            podcast=self.podcast[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One candidate with its score. `parts` sum to `score`. `interest` is the number of the nearest interest.

    `cosine` is the nearness to that interest, `repeats` the nearness to the most similar point already sent.
    """

    row: int
    candidate: Candidate
    score: float
    parts: dict[str, float]
    interest: int | None
    cosine: float
    repeats: float


def rank(
    candidates: Sequence[Candidate] | Pool,
    profile: Profile,
    interest_vectors: Vector | None,
    not_interest_vectors: Vector | None,
    now: datetime,
    weights: Weights = DEFAULT_WEIGHTS,
) -> list[Ranked]:
    """All candidates, best first; ties by id. `interest_vectors` is (k, d), `not_interest_vectors` (m, d) or None.

    A reader without interests and follows is ranked by the impersonal weights.
    """
    pool = candidates if isinstance(candidates, Pool) else Pool.of(candidates, now)
    if not pool.candidates:
        return []
    cosines = pool.vectors @ _matrix(interest_vectors, pool).T
    nearest = cosines.argmax(axis=1) if cosines.shape[1] else None
    nearness = _highest(cosines)
    repeats = _highest(pool.vectors @ _matrix(profile.sent_vectors, pool).T)
    raw = {
        "relevance": scaled(nearness),
        "strength": pool.strength,
        "freshness": pool.freshness,
        "novelty": 1 - scaled(repeats),
        "voices": pool.voices,
        "followed": _followed(pool, profile),
        "against": scaled(_highest(pool.vectors @ _matrix(not_interest_vectors, pool).T), nothing=CLOSE - 0.05),
    }
    known = nearest is not None or bool(profile.followed_podcasts or profile.followed_topics)
    values = asdict(weights if known else weights.impersonal())
    names = list(raw)
    parts = np.stack([raw[name] * np.float32(values[name]) for name in names], axis=1).astype(np.float64)
    scores = parts.sum(axis=1)
    order = np.lexsort((np.array([c.id for c in pool.candidates]), -scores))
    return [
        Ranked(
            row=int(row),
            candidate=pool.candidates[row],
            score=float(scores[row]),
            parts=dict(zip(names, parts[row].tolist(), strict=True)),
            interest=None if nearest is None else int(nearest[row]),
            cosine=float(nearness[row]),
            repeats=float(repeats[row]),
        )
        for row in order
    ]


def shortlists(
    pool: Pool,
    interest_vectors: Vector,
    owners: NDArray[np.int64],
    readers: int,
    top: int = 50,
    weights: Weights = DEFAULT_WEIGHTS,
) -> NDArray[np.intp]:
    """The best `top` rows of the pool for many readers at once, as (readers, top), best first.

    `interest_vectors` is (k, d): the interests of all readers under one another; `owners` is (k,), ascending, and says
    whose each is. One matrix product of (k, d) by (d, n) does the work. By relevance, strength and freshness alone:
    what else is personal is left to `rank` over the few rows that this leaves.
    """
    impersonal = weights.strength * pool.strength + weights.freshness * pool.freshness + weights.voices * pool.voices
    scores = np.tile(impersonal.astype(np.float32), (readers, 1))
    if len(owners):
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        nearness = np.maximum.reduceat(interest_vectors @ pool.vectors.T, starts, axis=0)
        scores[owners[starts]] += np.float32(weights.relevance) * scaled(nearness)
    top = min(top, scores.shape[1])
    rows = np.argpartition(-scores, top - 1, axis=1)[:, :top] if top else np.empty((readers, 0), dtype=np.intp)
    order = np.argsort(-np.take_along_axis(scores, rows, axis=1), axis=1, kind="stable")
    return np.take_along_axis(rows, order, axis=1)


def scaled(cosines: Floats, nothing: float = COSINE_NOTHING) -> Floats:
    """Cosines as shares from 0 to 1: 0 where as near as strangers are, 1 where hardly anything is nearer."""
    share: Floats = np.clip((cosines - np.float32(nothing)) / np.float32(COSINE_ALL - nothing), 0, 1)
    return share


def _matrix(vectors: Vector | None, pool: Pool) -> Floats:
    if vectors is None or len(vectors) == 0:
        return np.empty((0, pool.vectors.shape[1]), dtype=np.float32)
    return np.asarray(vectors, dtype=np.float32)


def _highest(cosines: Floats) -> Floats:
    """The largest of each row; 0 for rows without columns."""
    return cosines.max(axis=1, initial=0.0) if cosines.size else np.zeros(len(cosines), dtype=np.float32)


def _freshness(candidate: Candidate, now: datetime) -> float:
    """1 when just published, half after each half-life. A date in the future counts as now."""
    published = candidate.published or candidate.found
    days = UNKNOWN_AGE_DAYS if published is None else max(0.0, (now - published).total_seconds() / 86400)
    return float(0.5 ** (days / HALF_LIFE_DAYS))


def _followed(pool: Pool, profile: Profile) -> Floats:
    topics = {topic.casefold() for topic in profile.followed_topics}
    followed: Floats = np.isin(pool.podcast, list(profile.followed_podcasts)).astype(np.float32)
    if topics:
        followed[[any(topic.casefold() in topics for topic in c.topics) for c in pool.candidates]] = 1.0
    return followed
