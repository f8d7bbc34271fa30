"""The embedder that made the vectors in use: whatever is compared with them must come from it too."""

from __future__ import annotations

from takefive.relations.embed import Embedder, default_embedder


def embedder() -> Embedder:
    """The embedder of the active index. Raises ModelError where it is missing or is no longer the same."""
    return default_embedder()
