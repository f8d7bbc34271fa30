"""Whether two insights of one episode make one point: said in the same words, quoted from the same place, or meaning the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from takefive.common import minilm
from takefive.insights.passages import words
from takefive.insights.values import DraftInsight

Row = TypeVar("Row")

SAME_WORDS = 0.45
"""Likeness of the longer words of headline and text (cosine of their sets). Of 4,068 pairs of different points none has 0.35."""
SAME_QUOTE = 0.6
"""The same of the quotes."""
WORTH_READING = 0.2
"""Likeness by words from which on two are compared by meaning: what makes one point shares some words."""
SAME_MEANING = 0.8
"""Cosine of the sentence vectors; of the same 4,068 pairs none has so much, and 13 have 0.7."""
_STEM = 5
_LONG = 4


def same_point(one: DraftInsight, other: DraftInsight) -> bool:
    """Whether a reader who read one would learn nothing from the other."""
    if _likeness(one.quote, other.quote) >= SAME_QUOTE:
        return True
    alike = _likeness(_claim(one), _claim(other))
    return alike >= SAME_WORDS or (alike >= WORTH_READING and _meaning(_claim(one), _claim(other)) >= SAME_MEANING)


def each_point_once(rows: Iterable[Row], insight: Callable[[Row], DraftInsight]) -> list[Row]:
    """The rows without those whose insight makes the point of one before it."""
    kept: list[Row] = []
    for row in rows:
        if not any(same_point(insight(row), insight(other)) for other in kept):
            kept.append(row)
    return kept


def _claim(draft: DraftInsight) -> str:
    return f"{draft.headline}. {draft.text}"


def _likeness(one: str, other: str) -> float:
    a, b = _stems(one), _stems(other)
    return len(a & b) / max(sqrt(len(a) * len(b)), 1.0)


@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words(text) if len(word) >= _LONG)


def _meaning(one: str, other: str) -> float:
    return float(np.dot(_vector(one), _vector(other)))


@lru_cache(maxsize=256)
def _vector(text: str) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = minilm.quick().encode([text])[0]
    return vector
