"""One search as a person makes it: slips corrected, the query made a point, the hits of one page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic

from takefive.common.errors import TakefiveError
from takefive.pipeline.embedding import embedder
from takefive.relations.values import Vectors
from takefive.store.filters import Filters
from takefive.store.search import Hit, corrected, search, tidy

log = logging.getLogger(__name__)
_REST = 30.0  # seconds without asking a model that did not answer: nobody waits for it again and again
_silent_until = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`words` were searched; `asked` is what was typed, where that differs since a slip was corrected."""

    words: str
    asked: str
    hits: list[Hit]
    more: bool


def find(text: str, filters: Filters, *, size: int, page: int = 1, exactly: bool = False) -> Found:
    """The hits of one page, from 1. `exactly`: search for the words as they were typed."""
    asked = tidy(text)
    words = asked if exactly else corrected(asked)
    hits = search(words, vector=_vector(words), filters=filters, limit=size + 1, offset=(page - 1) * size)
    return Found(words=words, asked=asked, hits=hits[:size], more=len(hits) > size)


def _vector(words: str) -> Vectors | None:
    """The query as a point; None where the model can't be asked, so that words are still found."""
    global _silent_until
    if not words or monotonic() < _silent_until:
        return None
    try:
        vector: Vectors = embedder(patient=False).encode([words])[0]
    except TakefiveError as error:
        _silent_until = monotonic() + _REST
        log.warning("search by words alone: %s", error)
        return None
    return vector
