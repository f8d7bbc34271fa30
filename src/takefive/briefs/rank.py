"""How much each candidate is worth to a reader: a sum of named parts, so that every place can be explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.pool import Pool as Pool
from takefive.briefs.signals import NAMES, Asking, Signals, signals, with_sent
from takefive.briefs.values import Candidate, Profile, Vector

Rows = NDArray[np.intp] | Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each part is worth at most. A score is the sum of its parts: 0 is nothing, about 1 is as good as can be."""

    relevance: float = 0.50
    liked: float = 0.30
    words: float = 0.30
    strength: float = 0.25
    freshness: float = 0.10
    novelty: float = 0.05
    voices: float = 0.05
    followed: float = 0.20
    standing: float = 0.10
    against: float = -0.80

    def impersonal(self) -> Weights:
        """The same for a reader of whom nothing is known: what is not about the reader, scaled to sum to one."""
        total = self.strength + self.freshness + self.novelty + self.voices
        return Weights(
            relevance=0.0,
            liked=0.0,
            words=0.0,
            followed=0.0,
            standing=0.0,
            against=self.against,
            strength=self.strength / total,
            freshness=self.freshness / total,
            novelty=self.novelty / total,
            voices=self.voices / total,
        )

    def row(self) -> NDArray[np.float64]:
        """The weights as (p,), in the order of NAMES."""
        return np.array([getattr(self, name) for name in NAMES])


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One candidate with its score. `parts` sum to `score`; `signals` are the same before weighting, 0 to 1.

    `interest` is the number of the nearest interest and `cosine` the nearness to it; `repeats` is the nearness to the
    most similar point already sent. `row` is the candidate's place in the pool.
    """

    row: int
    candidate: Candidate
    score: float
    parts: dict[str, float]
    signals: dict[str, float]
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

    A reader of whom nothing is known is ranked by the impersonal weights.
    """
    pool = candidates if isinstance(candidates, Pool) else Pool.of(candidates, now)
    told = with_sent(signals(pool, Asking(profile, interest_vectors, not_interest_vectors)), pool, profile.sent_vectors)
    theirs = weights if is_known(profile) else weights.impersonal()
    return ranked(pool, told, theirs, best(pool, told, theirs))


ONLY_NEW = np.isin(NAMES, ["freshness", "novelty"])


def best(
    pool: Pool,
    told: Signals,
    weights: Weights,
    *,
    only: NDArray[np.bool_] | None = None,
    floor: float = -np.inf,
) -> NDArray[np.intp]:
    """The rows by these weights, best first: those of `only` (n,) that are worth at least `floor`; ties by id.

    Being fresh and new moves an insight up but does not make it worth a reader's time: neither counts towards `floor`.
    """
    parts = told.values * weights.row()
    scores = parts.sum(axis=1)
    worth = parts[:, ~ONLY_NEW].sum(axis=1)
    rows = np.flatnonzero((worth >= floor) if only is None else (worth >= floor) & only)
    return rows[np.lexsort((pool.id[rows], -scores[rows]))]


def is_known(profile: Profile) -> bool:
    """Whether the reader has told or shown anything of what they want."""
    followed = profile.followed_podcasts or profile.followed_topics or profile.followed_people
    liked = profile.liked_vectors is not None and len(profile.liked_vectors) > 0
    return bool(profile.interests or followed or liked)


def ranked(pool: Pool, told: Signals, weights: Weights, rows: Rows) -> list[Ranked]:
    """These rows with their numbers."""
    parts = told.values[rows] * weights.row()
    return [
        Ranked(
            row=int(row),
            candidate=pool.candidates[row],
            score=float(mine.sum()),
            parts=dict(zip(NAMES, mine.tolist(), strict=True)),
            signals=dict(zip(NAMES, told.values[row].tolist(), strict=True)),
            interest=None if told.interest is None else int(told.interest[row]),
            cosine=float(told.cosine[row]),
            repeats=float(told.repeats[row]),
        )
        for row, mine in zip(rows, parts, strict=True)
    ]
