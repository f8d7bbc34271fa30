"""How much a line reads like a headline: a linear model on sentence vectors, learned from reference headlines.

Made by `evals/train_headlines.py`. Against "They did a phenomenal job" it prefers "Scale changes everything".
"""

from __future__ import annotations

import io
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from takefive.insights.scorer import FOLDER, card, verified

_SPEAKER = re.compile(r"^[^:]{1,60}: (?=\S)")


def likeness(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of being a headline for each line's MiniLM vector, shape (n, 384); the usual line has -3, a good one 0."""
    weights, offset = _model()
    return np.asarray(vectors @ weights + offset, dtype=np.float64)


def unattributed(line: str) -> str:
    """A line without the name of who said it and the mark of a cut: what its vector is made of."""
    return _SPEAKER.sub("", line).removesuffix(" …")


@cache
def _model() -> tuple[NDArray[np.float64], float]:
    data = verified(FOLDER / "headlines.npz", card("headlines")["sha256"])
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return file["weights"].astype(np.float64), float(file["offset"])
