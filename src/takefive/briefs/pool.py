"""Candidates as columns: made once, ranked for many readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.names import Mask, Names
from takefive.briefs.values import Candidate
from takefive.briefs.words import Words
from takefive.insights.headline import makeshift

Floats = NDArray[np.float32]

HALF_LIFE_DAYS = 7.0
SHRINKAGE = 0.3
UNKNOWN_AGE_DAYS = 7.0
MAKESHIFT = 0.6
"""What is left of the strength of an insight without a claim for a headline."""


@dataclass(frozen=True, slots=True)
class Background:
    """What insights are like on the whole: the mean vector (d,) and the inverse of their covariance, shrunk, (d, d).

    The direction from the mean to what a reader liked, through this inverse, is Fisher's discriminant with everything
    else as the other class (Hariharan, Malik & Ramanan, ECCV 2012): what all insights share no longer counts as likeness.
    """

    mean: Floats
    inverse: Floats

    @classmethod
    def of(cls, vectors: Floats) -> Self:
        """The background of vectors (n, d); the fewer they are, the more it is taken for a sphere."""
        count, width = vectors.shape
        mean = vectors.mean(axis=0)
        apart = vectors - mean
        spread = float((apart**2).sum()) / max(1, count) / max(1, width)
        sphere = max(SHRINKAGE, width / count) * spread + 1e-6
        covariance = apart.T @ apart / count + sphere * np.eye(width, dtype=np.float32)
        return cls(mean, np.linalg.inv(covariance).astype(np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Candidates as columns. `vectors` is (n, d), rows of length 1; the other columns are (n,), 0 to 1, or ids."""

    candidates: tuple[Candidate, ...]
    id: NDArray[np.int64]
    vectors: Floats
    strength: Floats
    freshness: Floats
    voices: Floats
    episode: NDArray[np.int64]
    podcast: NDArray[np.int64]
    point: NDArray[np.int64]  # the number of the insight that puts its point best: mostly its own
    background: Background | None
    words: Words
    names: Names
    origin: NDArray[np.intp]  # the rows of `words` and `names` that these are

    @classmethod
    def of(cls, candidates: Sequence[Candidate], now: datetime) -> Self:
        """The pool of these candidates as of `now` (aware)."""
        vectors = np.stack([c.vector for c in candidates]) if candidates else np.empty((0, 0), dtype=np.float32)
        return cls(
            candidates=tuple(candidates),
            id=np.array([c.id for c in candidates], dtype=np.int64),
            vectors=vectors,
            strength=_strength(np.array([_worth(c) for c in candidates], dtype=np.float32)),
            freshness=np.array([_freshness(c, now) for c in candidates], dtype=np.float32),
            voices=np.clip(np.log2(np.array([max(c.voices, 1) for c in candidates], dtype=np.float32)) / 2, 0, 1),
            episode=np.array([c.episode for c in candidates], dtype=np.int64),
            podcast=np.array([c.podcast for c in candidates], dtype=np.int64),
            point=np.array([c.id if c.point is None else c.point for c in candidates], dtype=np.int64),
            background=Background.of(vectors) if candidates else None,
            words=Words.of([" ".join((c.headline, c.text, *c.topics)) for c in candidates]),
            names=Names.of(candidates),
            origin=np.arange(len(candidates)),
        )

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which rows (n,) put their point best of what may be seen; the others compete only as news of it."""
        stand_in = np.array([c.stands_in for c in self.candidates], dtype=np.bool_)
        alone: NDArray[np.bool_] = (self.point == self.id) | stand_in
        return alone

    def on_topics(self, topics: Iterable[str]) -> Mask:
        """Which rows (n,) bear one of these topics."""
        return self.names.with_topics(topics)[self.origin]

    def by_people(self, people: Iterable[str]) -> Mask:
        """Which rows (n,) one of these people said."""
        return self.names.by_people(people)[self.origin]

    def only(self, rows: NDArray[np.intp]) -> Pool:
        """The same pool with these rows alone."""
        return Pool(
            candidates=tuple(self.candidates[row] for row in rows),
            id=self.id[rows],
            vectors=self.vectors[rows],
            strength=self.strength[rows],
            freshness=self.freshness[rows],
            voices=self.voices[rows],
            episode=self.episode[rows],
            podcast=self.podcast[rows],
            point=self.point[rows],
            background=self.background,
            words=self.words,
            names=self.names,
            origin=self.origin[rows],
        )


def _worth(candidate: Candidate) -> float:
    """The engine's score; less for what has no claim to head it, since a reader decides by the headline."""
    return candidate.strength * (MAKESHIFT if makeshift(candidate.headline, candidate.speaker) else 1.0)


def _strength(scores: Floats) -> Floats:
    """The engine's scores (n,), half of each by its place among the others: what one engine gives all lies close together."""
    place = np.searchsorted(np.sort(scores), scores, side="right") / max(1, len(scores))
    strength: Floats = (np.clip(scores, 0, 1) * (0.5 + 0.5 * place)).astype(np.float32)
    return strength


def _freshness(candidate: Candidate, now: datetime) -> float:
    """1 when just published, half after each half-life. A date in the future counts as now."""
    published = candidate.published or candidate.found
    days = UNKNOWN_AGE_DAYS if published is None else max(0.0, (now - published).total_seconds() / 86400)
    return float(0.5 ** (days / HALF_LIFE_DAYS))
