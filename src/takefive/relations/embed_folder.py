"""A sentence-transformers model exported to ONNX, from a local folder: `model.onnx` and `tokenizer.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from takefive.common.errors import ModelError
from takefive.common.minilm import batches, session, word_pieces
from takefive.relations.values import Vectors

_MAX_TOKENS = 512  # where the folder does not say
_BATCH = 32


class FolderEmbedder:
    """Its name is the folder's with a digest of its files, so that another model in the same place is another model.

    Texts are pooled as the folder's own `1_Pooling/config.json` says: by the mean of the tokens, or by the first.
    """

    steady = False  # quantized models round by what else is in the batch

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        """Raises ModelError where a file is missing or is no model that makes one vector of a text."""
        model, tokenizer = _file(folder, "model.onnx", "onnx/model.onnx"), _file(folder, "tokenizer.json")
        try:
            self._session = session(str(model), threads=threads)
            self._tokenizer = word_pieces(tokenizer, _longest(folder))
        except Exception as error:  # whatever the two libraries raise about a broken file
            raise ModelError(f"the folder {folder} holds no usable model: {_line(error)}") from error
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._first = _pooling(folder) == "first"
        self.name = f"{folder.resolve().name}-{_digest(model, tokenizer)}"
        self.dimension = int(self._probe().shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: shape (len(texts), dimension), float32. A text that is too long is cut."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, ids, mask in batches(self._tokenizer, texts, _BATCH):
            vectors[rows] = self._run(ids, mask)
        return vectors

    def _probe(self) -> Vectors:
        (_, ids, mask), *_ = batches(self._tokenizer, ["a text"], 1)
        try:
            return self._run(ids, mask)
        except Exception as error:
            raise ModelError(f"{self.name} gives no vectors: {_line(error)}") from error

    def _run(self, ids: Any, mask: Any) -> Vectors:
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        said = np.asarray(self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})[0])
        if said.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            said = said[:, 0] if self._first else (said * weights).sum(axis=1) / weights.sum(axis=1)
        if said.ndim != 2 or not np.isfinite(said).all():
            raise ModelError(f"{self.name}: its output is not one vector for each text")
        lengths = np.linalg.norm(said, axis=1, keepdims=True)
        return np.asarray(said / np.maximum(lengths, 1e-12), dtype=np.float32)


def _file(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise ModelError(f"the folder {folder} has no {names[0]}; export the model to ONNX there")


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]


def _told(folder: Path, name: str) -> dict[str, Any]:
    try:
        told = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _longest(folder: Path) -> int:
    told = _told(folder, "sentence_bert_config.json").get("max_seq_length")
    return told if isinstance(told, int) and 0 < told <= 8192 else _MAX_TOKENS


def _pooling(folder: Path) -> str:
    """ "mean" or "first". Raises ModelError for another, whose vectors would mean nothing here."""
    told = _told(folder, "1_Pooling/config.json")
    chosen = {
        name.removeprefix("pooling_mode_") for name, on in told.items() if name.startswith("pooling_mode_") and on
    }
    if chosen <= {"mean_tokens"}:
        return "mean"
    if chosen == {"cls_token"}:
        return "first"
    raise ModelError(f"the folder {folder} pools its tokens by {', '.join(sorted(chosen))}, which is not known here")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
