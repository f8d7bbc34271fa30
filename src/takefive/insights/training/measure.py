"""How well ranked passages meet reference insights.

A passage hits a reference when their word runs share at least half of the shorter one; a passage of over 90 words is cut
at 90; each reference can be hit once.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean

LONGEST = 90

Span = tuple[int, int]
_MARK = re.compile(r"\\?\[[^\]]*\\?\]")
_WORD = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True, slots=True)
class Figures:
    """P@5, nDCG@5 (gain: strength of what was hit) and R@12 (share of the strength) of one episode or a mean of many."""

    p5: float
    ndcg5: float
    r12: float
    not_verbatim: int = 0


def plain_words(text: str) -> list[str]:
    """Lower-case words without bracketed marks, as the measure counts them."""
    return _WORD.findall(_MARK.sub(" ", text).replace("\\", "").replace("’", "'").lower())


class WordIndex:
    """The words of a transcript, to find runs of them."""

    def __init__(self, text: str) -> None:
        self.words = plain_words(text)
        self._fours: dict[tuple[str, ...], list[int]] = {}
        for i in range(len(self.words) - 3):
            self._fours.setdefault(tuple(self.words[i : i + 4]), []).append(i)

    def find(self, passage: str) -> Span | None:
        """First and next-after-last word of the passage; None where it does not stand here."""
        wanted = plain_words(passage)
        places = self._fours.get(tuple(wanted[:4]), []) if len(wanted) >= 4 else []
        return next(((i, i + len(wanted)) for i in places if self.words[i : i + len(wanted)] == wanted), None)


def figures(references: Sequence[tuple[Span, int]], passages: Sequence[Span | None]) -> Figures:
    """Measure ranked passages (None: not found in the transcript) of one episode against (span, strength) references."""
    gains, used = [], set[int]()
    for span in passages[:12]:
        hit = _hit(span, references, used)
        gains.append(references[hit][1] if hit is not None else 0)
        used |= {hit} if hit is not None else set()
    ideal = sorted((strength for _, strength in references), reverse=True)
    return Figures(
        sum(gain > 0 for gain in gains[:5]) / 5,
        _dcg(gains) / _dcg(ideal),
        sum(gains) / sum(ideal),
        sum(span is None for span in passages[:12]),
    )


def _hit(span: Span | None, references: Sequence[tuple[Span, int]], used: set[int]) -> int | None:
    if span is None:
        return None
    cut = (span[0], min(span[1], span[0] + LONGEST))
    shares = [(share(cut, reference), i) for i, (reference, _) in enumerate(references) if i not in used]
    best, which = max(shares, default=(0.0, -1))
    return which if best >= 0.5 else None


def share(a: Span, b: Span) -> float:
    """How much of the shorter of two word runs both have in common, 0 to 1."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / max(1, min(a[1] - a[0], b[1] - b[0]))


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains[:5]))


def mean(rows: Sequence[Figures]) -> Figures:
    """Mean over episodes; passages not found are summed."""
    return Figures(
        fmean(row.p5 for row in rows),
        fmean(row.ndcg5 for row in rows),
        fmean(row.r12 for row in rows),
        sum(row.not_verbatim for row in rows),
    )


def interval(values: Sequence[float], *, draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the mean over episodes."""
    dice = random.Random(seed)
    means = sorted(fmean(dice.choices(values, k=len(values))) for _ in range(draws))
    return means[int(draws * 0.025)], means[int(draws * 0.975)]


def table(systems: Mapping[str, Sequence[Figures]], say: Callable[[str], object] = print) -> None:
    """Print one line per system: the three figures, the interval of P@5, and passages that are not verbatim."""
    say(f"{'who picks':<26} {'P@5':>6} {'95 %':>13} {'nDCG@5':>7} {'R@12':>6} {'not verbatim':>13}  episodes")
    for name, rows in systems.items():
        all_ = mean(rows)
        low, high = interval([row.p5 for row in rows])
        say(
            f"{name:<26} {all_.p5:6.3f} {low:6.3f}-{high:.3f} {all_.ndcg5:7.3f} {all_.r12:6.3f}"
            f" {all_.not_verbatim:13d}  {len(rows)}"
        )
