"""How surely two texts make the same point, and when they are taken to.

The score is the cosine of vectors tuned for it (`evals/tune.py`), made a probability on human judgements of topics that the
tuning never saw (`evals/links.py`). Only where two texts are nearly the same words, and one denies, says the opposite or
has other numbers, is it cut: there the few words that differ are the point. Precision comes first: a point merged wrongly
hides what somebody said, a point shown twice costs a glance. `data/same_point.json` is the model's card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from takefive.relations.embed import same_point_embedder
from takefive.relations.model import card
from takefive.relations.signs import contrary, replaced
from takefive.relations.values import Vectors

Floats = NDArray[np.float64]
THRESHOLD = card().threshold
"""From this score on two short claims make the same point, with the precision and recall that the card states."""
NEAR, SURE = 0.68, 0.92
"""What insights need besides, being longer and about more than one thing: this cosine by the default embedder, and this
score. Set by reading pairs of real insights (docs/benchmarks/relations.md)."""
CONTRARY = 0.5  # what a contrary text keeps of its score: below every threshold
GATE = 0.44
"""From this likeness by the static model on two insights are worth reading: of 23 pairs that make the same point 20 lie above."""
_KEPT = 8_192  # vectors in memory, 12 MB
_vectors: dict[str, Vectors] = {}
_turn = Lock()


def score(a: Sequence[str], b: Sequence[str], least: float = CONTRARY) -> Floats:
    """How surely a[i] and b[i] make the same point, in [0, 1]: shape (n,). Vectors are made, and kept for a while.

    What is not above `least` anyway is not looked at for contrary words.
    """
    if not a:
        return np.zeros(0)
    return from_vectors(a, b, np.stack([_vector(text) for text in a]), np.stack([_vector(text) for text in b]), least)


def from_vectors(a: Sequence[str], b: Sequence[str], va: Vectors, vb: Vectors, least: float = CONTRARY) -> Floats:
    """The same from vectors by `same_point_embedder`, both of shape (n, d)."""
    cosines = np.einsum("nd,nd->n", va, vb).astype(np.float64)
    surely = 1 / (1 + np.exp(-(card().slope * cosines + card().offset)))
    for at in np.flatnonzero(surely > least).tolist():
        if contrary(a[at], b[at]):
            surely[at] *= CONTRARY
    return np.asarray(surely, dtype=np.float64)


def sureness(text: str, others: Sequence[str], cosines: Floats) -> Floats:
    """How surely each of `others` makes the point of an insight, 0 where it does not; `cosines` by the default embedder.

    Only the few that are near are read by the tuned model.
    """
    sure = np.zeros(len(others))
    near = np.flatnonzero(cosines >= NEAR).tolist()
    if near:
        scores = score([text] * len(near), [others[i] for i in near], SURE - 1e-6)
        sure[near] = np.where(decided([text] * len(near), [others[i] for i in near], scores, SURE), scores, 0.0)
    return sure


def decided(a: Sequence[str], b: Sequence[str], scores: Floats, least: float = THRESHOLD) -> NDArray[np.bool_]:
    """Which pairs are said to make the same point: sure enough, and not one with the deciding word replaced."""
    return np.array(
        [score >= least and not replaced(*pair) for *pair, score in zip(a, b, scores.tolist(), strict=True)], dtype=bool
    )


def recall(known: Mapping[str, Vectors]) -> None:
    """Take vectors that were made before, by `known`, so that they need not be made again."""
    with _turn:
        _vectors.update(known)
        while len(_vectors) > _KEPT:
            del _vectors[next(iter(_vectors))]


def known(texts: Iterable[str]) -> dict[str, Vectors]:
    """The vectors of those of these texts that were read: to be kept for `recall`, beside `version`."""
    return {text: _vectors[text] for text in texts if text in _vectors}


def version() -> str:
    """Which tuned model made the vectors."""
    return card().sha256[:8]


def _vector(text: str) -> Vectors:
    """One at a time: few texts are ever near enough to be read, and those again and again. As precise as they are stored."""
    found = _vectors.get(text)
    if found is None:
        made = same_point_embedder().encode([text])[0]
        found = made.astype(np.float16).astype(np.float32)
        recall({text: found})
    return found
