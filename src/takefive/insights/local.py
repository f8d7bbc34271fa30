"""The local engine: from a transcript to insights, offline, by models shipped with the package.

sentences -> every passage of one speaker -> the strongest, apart from each other (linear models over words and signs)
          -> read again by a sentence-vector model -> the best, spread over the episode -> headline, text, topics, kind
          -> each quote found again in the transcript, or dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from takefive.insights import choose, reader, scorer
from takefive.insights.passages import candidates, standing, words
from takefive.insights.values import DraftInsight, Passage
from takefive.insights.write_up import write_up
from takefive.transcripts.content import usable
from takefive.transcripts.sentences import sentences as split
from takefive.transcripts.values import Sentence, TimedText

ENGINE = "takefive-local 2"
"""Name and version of engine and models, kept with each insight."""

SPARE = 12
"""Passages written up beyond those asked for, so that one without a line that reads well can step back."""
SPOTS = 28
"""Passages that the second model reads."""
NEAR = 0.15
ALIKE = 0.3


class Embedder(Protocol):
    """Sentence vectors of length 1, as `takefive.common.minilm` gives them."""

    def encode(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """Shape (len(texts), dimensions)."""


def extract(
    text: TimedText, *, top: int = 12, title: str = "", embedder: Embedder | None = None, source: str = ""
) -> list[DraftInsight]:
    """At most `top` insights of an episode, best first; [] where nothing is worth it. Same input, same output.

    `title` helps to tell what the episode is about. `embedder` compares the passages by meaning, else by their words.
    `source` is the transcript file as published: passages that stand in it in one piece go first.
    """
    said = split(text)
    chosen = picked(said, top=top + SPARE, embedder=embedder, source=source)
    return write_up(chosen, said, title=title, source=source)[:top]


def picked(
    said: Sequence[Sentence],
    *,
    top: int = 12,
    first_pass: scorer.Scorer | None = None,
    second_pass: bool = True,
    embedder: Embedder | None = None,
    source: str = "",
) -> list[Passage]:
    """The passages that stand for an episode, best first, each with its log-odds.

    `first_pass`: another scorer than the shipped one; `second_pass`: False leaves it at that, and the scores are its own.
    """
    passages = open_passages(said, source)
    if not passages or top < 1:
        return []
    found = (first_pass or scorer.load()).strengths(passages, said)
    spots = choose.apart(passages, found.together, max(SPOTS, top))
    chosen, strengths = [passages[i] for i in spots], found.together[spots]
    if second_pass:
        strengths = reader.load().log_odds([p.text for p in chosen], found.sums[spots], found.wholes[spots])
    places = np.array([passage.first for passage in chosen], dtype=np.float64)
    order = choose.spread(strengths, places, _likeness(chosen, embedder), top, near=NEAR, alike=ALIKE)
    return [replace(chosen[i], score=float(strengths[i])) for i in order]


def open_passages(said: Sequence[Sentence], source: str = "") -> list[Passage]:
    """Every passage that may be picked: of content alone, and in one piece in `source` where that is given."""
    fine = usable(said)
    return standing([p for p in candidates(said) if all(fine[p.first : p.last + 1])], source)


def _likeness(passages: Sequence[Passage], embedder: Embedder | None) -> NDArray[np.float64]:
    """Cosines between passages, shape (n, n): by vectors where there is an embedder, else by their words."""
    if embedder is not None:
        vectors = embedder.encode([p.text for p in passages]).astype(np.float64)
        return np.asarray(vectors @ vectors.T)
    rows = [{w for w in words(p.text) if len(w) > 3} for p in passages]
    return np.array([[len(a & b) / max((len(a) * len(b)) ** 0.5, 1.0) for b in rows] for a in rows])
