"""Texts to points by meaning: the one door of this stage to a model runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from takefive.common import minilm
from takefive.common.errors import UsageError
from takefive.common.overlay import laid_over
from takefive.relations import static
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

    @property
    def steady(self) -> bool:
        """Whether a text's vector is the same, to the last digit, whatever texts it comes with."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: shape (len(texts), dimension), float32."""


class MiniLmEmbedder:
    """The sentence model that comes with the package: works offline, about a hundred insights a second on two cores."""

    dimension = minilm.DIMENSIONS
    steady = False  # int8: a batch is rounded by its largest values

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


def named(source: str, keys: Mapping[str, str] = {}, *, patient: bool = True) -> Embedder:
    """The embedder of this source: nothing or `minilm` for the package's own, `static` for its fast one, `https://host/v1 model`
    for a service, else a folder.

    `keys` holds a service's key by its host: none goes to another. One that is not `patient` gives up after 5 seconds.
    Raises UsageError for a source that names nothing, ModelError where the model is missing.
    """
    if source in ("", "minilm"):
        return default_embedder()
    if source == "static":
        return static.load()
    if not source.startswith(("http://", "https://")):
        return _of_folder(source)
    from takefive.relations.embed_service import ServiceEmbedder  # brings an HTTP client along

    address, _, model = source.partition(" ")
    parts = urlsplit(address)
    if not model.strip() or not parts.hostname or parts.username is not None:
        raise UsageError("name a service for vectors by its address and model: https://host/v1 model.")
    key = keys.get(parts.netloc) or keys.get(parts.hostname, "")
    timeout, tries = (60.0, 4) if patient else (5.0, 1)
    return ServiceEmbedder(address, model.strip(), key=key, timeout=timeout, tries=tries)


@cache
def _of_folder(folder: str) -> Embedder:
    from takefive.relations.embed_folder import FolderEmbedder

    return FolderEmbedder(Path(folder))
