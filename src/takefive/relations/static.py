"""Vectors without a network: each word piece has one, and a text is the sum of its own. A hundred times faster than MiniLM.

Distilled from MiniLM by `evals/distil.py` after Model2Vec (Tulkens & van Dongen 2024): how much a piece counts is the length of
its vector. Word order and denial are lost, so it finds what is near; who must know whether two texts make the same point
reads them with the encoder. `data/static.json` is the model's card.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from takefive.common import minilm
from takefive.common.errors import ModelError
from takefive.relations.values import Vectors

MODEL = Path(__file__).parent / "data" / "static.npz"
CARD = Path(__file__).parent / "data" / "static.json"
LONGEST = 512  # word pieces; what comes after changes little
STEP = 128  # texts whose pieces lie in memory at once


class StaticEmbedder:
    """One loaded model. `rows` (pieces, d) are int8, `scales` (pieces,) what each row is multiplied by."""

    steady = True  # a text's vector does not depend on its company

    def __init__(self, name: str, rows: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
        self.name, self.dimension = name, rows.shape[1]
        self._rows, self._scales = rows, scales
        self._tokenizer = minilm.word_pieces(minilm.TOKENIZER, LONGEST)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text, of zeros where it has no known word: shape (len(texts), d), float32."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), STEP):
            some = list(texts[start : start + STEP])
            for at, found in enumerate(self._tokenizer.encode_batch(some, add_special_tokens=False), start):
                vectors[at] = self._scales[found.ids] @ self._rows[found.ids]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


@cache
def load() -> StaticEmbedder:
    """The model of the package, loaded once per process, its sha256 checked against its card. Raises ModelError."""
    data = MODEL.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != json.loads(CARD.read_text(encoding="utf-8"))["sha256"]:
        raise ModelError(f"{MODEL.name} is not the file its card describes; install takefive again")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return StaticEmbedder(f"static-minilm-{sha256[:8]}", arrays["rows"], arrays["scales"].astype(np.float32))
