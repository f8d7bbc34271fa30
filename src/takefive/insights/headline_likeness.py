"""How much a line is worth as a headline: a linear model on its sentence vector and its signs, learned from reference headlines.

Made by `evals/train_headlines.py`. Against "I'm going to highlight a few" it prefers "Most places don't ship the result of
validated design".
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from takefive.insights.scorer import FOLDER, card, verified

Floats = NDArray[np.float64]
_SPEAKER = re.compile(r"^[^:]{1,60}: (?=\S)")


def likeness(vectors: Floats, signs: Sequence[Sequence[float]]) -> Floats:
    """The cosine to a headline that a careful reader would write, shape (n,): the usual line has 0.37, a good one 0.5.

    `vectors`: the lines' MiniLM vectors, shape (n, 384); `signs`: as `headline.SIGNS` orders them, n rows.
    """
    weights, of_signs, offset = _model()
    found: Floats = (
        vectors @ weights + np.asarray(signs, dtype=np.float64).reshape(len(vectors), -1) @ of_signs + offset
    )
    return found


def unattributed(line: str) -> str:
    """A line without the name of who said it and the mark of a cut: what its vector is made of."""
    return _SPEAKER.sub("", line).removesuffix(" …")


@cache
def _model() -> tuple[Floats, Floats, float]:
    data = verified(FOLDER / "headlines.npz", card("headlines")["sha256"])
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return file["weights"].astype(np.float64), file["signs"].astype(np.float64), float(file["offset"])
