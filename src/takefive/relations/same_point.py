"""How surely two texts make the same point: a small learned model over what a pair has in common.

Trained by `evals/links.py --train` on human judgements of arguments and key points; `data/same_point.json` is its card
(data, licence, figures). Precision comes first: a point merged wrongly hides what somebody said, a point shown twice
costs a glance.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from takefive.common.errors import ModelError
from takefive.relations.signs import clashes, negations
from takefive.relations.values import Vectors
from takefive.relations.words import numbers, stem, telling, words

DATA = Path(__file__).parent / "data"
FEATURES = (
    "cosine",
    "cosine over 0.5",
    "words shared",
    "words held",
    "length ratio",
    "numbers differ",
    "negation differs",
    "opposites",
)
SIGNS = [FEATURES.index("negation differs"), FEATURES.index("opposites")]
OPPOSED = 0.5
"""What a sign that two texts say the opposite leaves of a score. Set by hand, below every useful threshold: the labelled
pairs hold too few plain opposites to learn it from, and to merge "works" with "does not work" is the worst mistake."""
Floats = NDArray[np.float64]


def _card() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / "same_point.json").read_text(encoding="utf-8"))
    return document


THRESHOLD: float = float(_card()["threshold"])
"""From this score on two texts make the same point, with the precision and recall that the card states."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What the features need of one text."""

    telling: dict[str, float]
    mass: float
    stems: frozenset[str]
    length: int
    numbers: frozenset[str]
    negations: int


@lru_cache(maxsize=4096)
def _read(text: str) -> _Text:
    spoken = words(text)
    weights = telling(text)
    stems = frozenset(stem(word.lower()) for word in spoken)
    return _Text(weights, sum(weights.values()), stems, max(1, len(spoken)), numbers(text), negations(text))


def features(a: Sequence[str], b: Sequence[str], va: Vectors, vb: Vectors) -> Floats:
    """One row per pair, one column per name in FEATURES; the same whichever text comes first."""
    cosines = np.einsum("nd,nd->n", va, vb)
    rows = [_row(_read(one), _read(other), float(cosine)) for one, other, cosine in zip(a, b, cosines, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _row(one: _Text, other: _Text, cosine: float) -> tuple[float, ...]:
    shared = sum(min(one.telling[word], other.telling[word]) for word in one.telling.keys() & other.telling.keys())
    every = one.mass + other.mass - shared
    least = min(one.mass, other.mass)
    return (
        cosine,
        max(0.0, cosine - 0.5),
        shared / every if every else 0.0,
        shared / least if least else 0.0,
        min(one.length, other.length) / max(one.length, other.length),
        float(bool(one.numbers and other.numbers and not one.numbers & other.numbers)),
        float(one.negations % 2 != other.negations % 2),
        float(min(2, clashes(one.stems, other.stems) + clashes(other.stems, one.stems))),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    weights: Floats
    bias: float


@cache
def _model() -> _Model:
    """The learned weights, their sha256 checked against the card. Raises ModelError."""
    data = (DATA / "same_point.npz").read_bytes()
    if hashlib.sha256(data).hexdigest() != _card()["sha256"]:
        raise ModelError("same_point.npz is not the file its card describes; install takefive again")
    with np.load(io.BytesIO(data)) as arrays:
        return _Model(arrays["weights"], float(arrays["bias"]))


def score(a: Sequence[str], b: Sequence[str], va: Vectors, vb: Vectors) -> Floats:
    """How surely a[i] and b[i] make the same point, in [0, 1]: shape (n,).

    `va` and `vb` are their vectors by `default_embedder`, both of shape (n, d).
    """
    model = _model()
    found = features(a, b, va, vb)
    surely = 1 / (1 + np.exp(-(found @ model.weights + model.bias)))
    return np.asarray(np.where(found[:, SIGNS].any(axis=1), surely * OPPOSED, surely), dtype=np.float64)


@cache
def lowest_cosine() -> float:
    """Below this cosine no pair makes the same point, whatever its words: it saves a look at them."""
    model = _model()
    best = np.maximum(model.weights[2:], 0.0).sum() + model.bias
    wanted = math.log(THRESHOLD / (1 - THRESHOLD))
    steps = np.arange(0, 1, 0.01)
    reach = model.weights[0] * steps + model.weights[1] * np.maximum(0, steps - 0.5) + best
    enough = np.flatnonzero(reach >= wanted)
    return float(steps[enough[0]]) if len(enough) else 1.0
