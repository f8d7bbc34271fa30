"""The first pass: a linear model over hashed words and counted signs says how likely each sentence belongs to an insight,
and a second one what each passage of them is worth as a whole.

Small and fast (a whole episode in about 0.1 s), so that the sentence-vector model behind it sees only the best passages.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from takefive.common.errors import ModelError
from takefive.insights.passages import leans, ragged, words
from takefive.insights.signs import NAMES, sentence_signs
from takefive.insights.values import Passage
from takefive.insights.wholes import Heard, Whole, passage_signs
from takefive.transcripts.values import Sentence

BUCKETS = 2**17
GRAM_SCALE = 3.0
SIGN_SCALE = 0.3
SIGN_LIMIT = 4.0
WORTH_OF_LENGTH = 0.2
"""Added to each sentence's standardised score, so that of two equal passages the longer, fuller one wins."""

LEANING = 6.0
"""What the sum of a passage loses that opens with an "it", "that" or "they" of the sentence before, or inside a thought."""

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Strength:
    """How the first pass finds each passage: by the sum of its sentences, and as a whole in log-odds; both of shape (n,)."""

    sums: NDArray[np.float64]
    wholes: NDArray[np.float64]

    @property
    def together(self) -> NDArray[np.float64]:
        """Both, each standardised within the episode."""
        return _centred(self.sums) + _centred(self.wholes)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Trained weights: one per hashed word or word pair, one per sign, and how the signs were standardised.

    `whole` judges passages; None while it is not trained yet.
    """

    grams: NDArray[np.float32]
    signs: NDArray[np.float32]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]
    whole: Whole | None = None

    def strengths(self, passages: Sequence[Passage], sentences: Sequence[Sentence]) -> Strength:
        """How strong each passage is."""
        heard, leaning = self.heard(sentences), leanings(passages)
        sums = passage_scores(passages, heard)
        wholes = self.whole.log_odds(passage_signs(passages, sums, leaning, heard)) if self.whole else 0.0 * sums
        return Strength(sums - LEANING * leaning, wholes)

    def heard(self, sentences: Sequence[Sentence]) -> Heard:
        """What there is to know of each sentence by itself."""
        grams = np.array([self._grams(sentence.text) for sentence in sentences])
        return self.weighed(sentences, sentence_signs(sentences), grams)

    def weighed(self, sentences: Sequence[Sentence], signs: NDArray[np.float32], grams: NDArray[np.float64]) -> Heard:
        """The same from signs and what the words weigh, where these are known."""
        scores = grams + standardised(signs, self.mean, self.spread) @ self.signs
        sizes = np.array([len(words(sentence.text)) for sentence in sentences], dtype=np.float64)
        turns = np.array([sentence.turn for sentence in sentences], dtype=np.int64)
        return Heard(_centred(scores), _centred(grams), signs, sizes, turns)

    def _grams(self, text: str) -> float:
        found = buckets(text)
        return float(self.grams[found].sum() * GRAM_SCALE / np.sqrt(max(len(found), 1)))


def _centred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / (values.std() + 1e-9) if len(values) else values, dtype=np.float64)


def leanings(passages: Sequence[Passage]) -> NDArray[np.float64]:
    """1 for each passage that leans on what came before or begins or ends inside a thought, else 0."""
    return np.array([leans(passage.text) or ragged(passage.text) for passage in passages], dtype=np.float64)


def buckets(text: str) -> list[int]:
    """The hashed words and word pairs of a text, each once, in rising order."""
    row = words(text)
    pairs = [f"{a} {b}" for a, b in pairwise(row)]
    return sorted({crc32(gram.encode()) % BUCKETS for gram in (*row, *pairs)})


def standardised(
    signs: NDArray[np.float32], mean: NDArray[np.float32], spread: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Signs as the linear model takes them: centred, clipped at four spreads, scaled beside the words."""
    centred = np.clip((signs - mean) / spread, -SIGN_LIMIT, SIGN_LIMIT)
    return np.asarray(centred * SIGN_SCALE, dtype=np.float32)


def passage_scores(passages: Sequence[Passage], heard: Heard) -> NDArray[np.float64]:
    """One score per passage: the sum of its sentences' scores, each weighed with its words."""
    running = np.concatenate([[0.0], np.cumsum((heard.scores + WORTH_OF_LENGTH) * heard.sizes)])
    first = np.array([passage.first for passage in passages], dtype=np.int64)
    last = np.array([passage.last for passage in passages], dtype=np.int64)
    return np.asarray(running[last + 1] - running[first], dtype=np.float64)


def card(name: str) -> dict[str, Any]:
    """What is known of a shipped model: data, licence, figures, sha256."""
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document


def verified(path: Path, sha256: str) -> bytes:
    """The bytes of a model file. Raises ModelError where it is missing or not the one of its card."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the model file {path.name} is missing; install takefive again") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"the model file {path.name} is not the one its card describes; install takefive again")
    return data


def read(data: bytes) -> Scorer:
    """A scorer from the bytes of its file. Raises ModelError where it was trained with other signs."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        if tuple(file["names"].tolist()) != NAMES:
            raise ModelError("the scorer was trained with other signs; train it again with `takefive train`")
        whole = Whole(*(file[f"whole_{key}"].astype(np.float32) for key in ("weights", "mean", "spread")))
        weights = {key: file[key].astype(np.float32) for key in ("grams", "signs", "mean", "spread")}
        return Scorer(**weights, whole=whole)


@cache
def load() -> Scorer:
    """The scorer shipped with the package, its sha256 checked once per process."""
    return read(verified(FOLDER / "scorer.npz", card("scorer")["sha256"]))
