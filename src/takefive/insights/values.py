"""What an engine says is worth keeping, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["claim", "data", "story", "how-to", "prediction", "contrarian"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of consecutive sentences of one speaker: `first` to `last` (both inclusive) of the episode's sentences."""

    first: int
    last: int
    text: str
    speaker: str | None
    start: float | None
    end: float | None
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInsight:
    """One insight with its proof. `quote` stands verbatim in the transcript (white space folded); times are seconds."""

    headline: str
    text: str
    quote: str
    speaker: str | None
    start: float | None
    end: float | None
    kind: Kind
    topics: tuple[str, ...]
    score: float
