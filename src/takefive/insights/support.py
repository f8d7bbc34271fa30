"""Whether what was written has to do with its quote: a true quote under a claim about something else is no proof."""

from __future__ import annotations

from takefive.common import minilm
from takefive.insights.passages import words

ENOUGH = 0.5
"""Of 727 reference insights 98 % have as much on their own quote, and 23 % on the quote of another point of their episode."""
ENOUGH_WORDS = 0.15
"""The same by words alone, where the vectors do not know the language: 98 %."""
_STEM = 5
_LONG = 4


def supported(claim: str, quote: str, around: str, *, language: str | None = "en") -> bool:
    """Whether the words of `claim` are heard in `around`, the quote's neighbourhood, and it means about what `quote` does.

    Sums the share of its longer words that stand there and the cosine of the two sentence vectors.
    """
    share = _share(claim, around)
    if (language or "en")[:2] != "en":
        return share >= ENOUGH_WORDS
    return share + _likeness(claim, quote) >= ENOUGH


def _share(claim: str, around: str) -> float:
    heard = set(_stems(around))
    wanted = _stems(claim)
    return sum(stem in heard for stem in wanted) / max(len(wanted), 1)


def _stems(text: str) -> list[str]:
    """The first letters of the longer words, so that "ships" is "shipping"."""
    return [word[:_STEM] for word in words(text) if len(word) >= _LONG]


def _likeness(claim: str, quote: str) -> float:
    one, other = minilm.quick().encode([claim, quote], batch_size=1)
    return float(one @ other)
