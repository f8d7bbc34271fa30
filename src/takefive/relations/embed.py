"""Texts to points by meaning: the one door of this stage to a model runtime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from takefive.common import minilm
from takefive.relations.values import Vectors


class Embedder(Protocol):
    """Whatever turns texts into vectors. `name` tells one model's vectors from another's in the store."""

    @property
    def name(self) -> str:
        """The model and its version, as stored beside its vectors."""

    @property
    def dimension(self) -> int:
        """The width of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: shape (len(texts), dimension), float32."""


class MiniLmEmbedder:
    """The sentence model that comes with the package: works offline, about a hundred insights a second on two cores."""

    name = minilm.ENGINE
    dimension = minilm.DIMENSIONS

    def __init__(self, model: minilm.MiniLM) -> None:
        self._model = model

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: shape (len(texts), 384), float32."""
        return self._model.encode(texts)


@cache
def default_embedder() -> Embedder:
    """The embedder of the package, loaded once per process. Raises ModelError where its files are missing or changed."""
    return MiniLmEmbedder(minilm.load())
