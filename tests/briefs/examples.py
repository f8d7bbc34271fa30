"""Candidates and vectors made by hand, small enough to reckon with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from takefive.briefs.values import Candidate

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
DIMENSIONS = 12


def axis(number: int, share: float = 1.0, rest: int = DIMENSIONS - 1) -> np.ndarray:
    """A vector of length 1 whose cosine with axis `number` is `share`."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[number] = share
    vector[rest] += (1 - share**2) ** 0.5
    return vector


def insight(id: int, vector: np.ndarray | None = None, **fields) -> Candidate:
    told = {
        "episode": id,
        "podcast": id,
        "podcast_title": f"Show {id}",
        "headline": f"Headline {id}",
        "text": f"Text {id}.",
        "strength": 0.8,
        "published": NOW - timedelta(days=1),
    } | fields
    return Candidate(id=id, vector=axis(id % DIMENSIONS) if vector is None else vector, **told)
