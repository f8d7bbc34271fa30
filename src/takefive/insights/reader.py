"""The second pass: MiniLM, fine-tuned on the reference insights, reads the best passages of the first pass again.

Made by `evals/tune_insights.py`; runs on onnxruntime alone. The package carries only the layers that training changed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from takefive.common.minilm import TOKENIZER, batches, session, weights, word_pieces
from takefive.common.overlay import laid_over
from takefive.common.wiring import rewired
from takefive.insights.scorer import FOLDER, card, verified

MAX_TOKENS = 100
_BATCH = 1
"""No padding, and a passage's score does not depend on its company; larger batches are no faster as int8."""


class Reader:
    """One loaded model. `head` weighs the mean of the token vectors and the first token's, shape (2, dimensions).

    `sums`, `wholes` and `offset` say how its score and those of the first pass make the log-odds of an insight.
    """

    def __init__(
        self,
        model: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        head: NDArray[np.float32],
        *,
        sums: float,
        wholes: float,
        offset: float,
    ) -> None:
        self._model, self._tokenizer, self._head = model, tokenizer, head
        self._sums, self._wholes, self._offset = sums, wholes, offset

    def log_odds(
        self, texts: Sequence[str], sums: NDArray[np.float64], wholes: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """How likely each passage is an insight (0: even odds), from its text and its strengths in the first pass."""
        scores = np.zeros(len(texts), dtype=np.float64)
        for rows, ids, mask in batches(self._tokenizer, texts, _BATCH):
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            (hidden,) = self._model.run(["last_hidden_state"], feed)
            mean = np.einsum("bsd,bs->bd", hidden, mask / mask.sum(axis=1, keepdims=True))
            scores[rows] = mean @ self._head[0] + hidden[:, 0] @ self._head[1]
        scores += self._sums * (sums - sums.mean()) + self._wholes * wholes + self._offset
        return scores


@cache
def load(threads: int = 2) -> Reader:
    """The model shipped with the package, loaded once per process, its sha256 checked. Raises ModelError."""
    about = card("reader")
    data = verified(FOLDER / "reader.npz", about["sha256"])
    model = session(rewired(laid_over(weights(), data)), threads=threads)
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        head = arrays["head"].astype(np.float32)
    weights_of = {name: about[name] for name in ("sums", "wholes", "offset")}
    return Reader(model, word_pieces(TOKENIZER, MAX_TOKENS), head, **weights_of)
