"""Texts to points by meaning: the one door of this stage to a model runtime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from takefive.common import minilm
from takefive.common.overlay import laid_over
from takefive.relations.model import card, overlay
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

    dimension = minilm.DIMENSIONS

    def __init__(self, model: minilm.MiniLM, name: str = minilm.ENGINE) -> None:
        self._model, self.name = model, name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: shape (len(texts), 384), float32."""
        return self._model.encode(texts)


@cache
def default_embedder() -> Embedder:
    """What neighbours, related insights and search go by, loaded once per process. Raises ModelError."""
    return MiniLmEmbedder(minilm.load())


@cache
def same_point_embedder() -> Embedder:
    """The same model with its upper layers tuned for "the same point", loaded once per process. Raises ModelError.

    Its cosines tell the same point far better than the default's, and shared subjects worse: so there are two.
    """
    model = minilm.MiniLM(laid_over(minilm.weights(), overlay()), minilm.TOKENIZER)
    return MiniLmEmbedder(model, f"{minilm.ENGINE}+same-point-{card().sha256[:8]}")
