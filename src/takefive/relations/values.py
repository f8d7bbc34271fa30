"""Insights as points by meaning, and the links between them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

RelationKind = Literal["same point", "related"]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An insight as relations see it. `vector` has length 1; `published` is a sortable number (days), None if unknown.

    `key` is the insight's own and lasting (`id` may be given anew): it decides between equals.
    """

    id: int
    text: str
    vector: Vectors
    episode: int
    podcast: int
    topics: tuple[str, ...] = ()
    speaker: str | None = None
    published: float | None = None
    score: float = 0.0
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A scored link from one insight to another. `reason` is a short phrase for people ("also on Kubernetes")."""

    to: int
    kind: RelationKind
    score: float
    reason: str = ""
