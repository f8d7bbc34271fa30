"""Signs that two texts of nearly the same words make opposite points: "it scales" and "it does not scale" lie close."""

from __future__ import annotations

import re
from functools import cache

from takefive.relations.words import numbers, stem, telling, words

NEARLY_THE_SAME = 0.4  # share of their telling words; below it a denial in one text says nothing about the other

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|rarely|unlikely|lacks?|lacking"
    r"|fails?|failed|failing|refuses?|refused|stop(?:s|ped)?|avoid(?:s|ed)?|prevents?|myth|instead of|rather than)\b|n['’]t\b",
    re.IGNORECASE,
)
OPPOSITES = """
more less|most least|increase decrease|increase reduce|raise lower|raise cut|rise fall|grow shrink|up down|high low
good bad|better worse|best worst|improve worsen|improve harm|help harm|help hurt|benefit harm|gain lose|win lose
safe dangerous|safe risky|protect endanger|allow ban|legal illegal|support oppose|agree disagree|encourage discourage
include exclude|accept reject|keep abandon|start stop|easy hard|easy difficult|simple complex|fast slow
cheap expensive|cheap costly|rich poor|strong weak|early late|always never|all none
success failure|succeed fail|right wrong|true false|possible impossible|necessary unnecessary|useful useless|effective ineffective
fair unfair|healthy unhealthy|moral immoral|reliable unreliable|freedom restriction|public private|open closed|build buy|love hate
profit loss|create destroy|solve cause|optimistic pessimistic|overrated underrated|buy sell|remote office|positive negative
"""


@cache
def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in OPPOSITES.replace("\n", "|").strip("|").split("|"):
        one, other = (stem(word) for word in pair.split())
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


def contrary(a: str, b: str) -> bool:
    """Whether two texts of nearly the same words are told apart by a denial, an opposite, or their numbers."""
    if _overlap(a, b) < NEARLY_THE_SAME:
        return False
    return negations(a) % 2 != negations(b) % 2 or opposites(a, b) or _other_numbers(a, b)


def negations(text: str) -> int:
    """How many words of a text deny something."""
    return len(NEGATION.findall(text))


def opposites(a: str, b: str) -> bool:
    """Whether a word of one text stands against a word that only the other has ("cheap" against "expensive")."""
    one, other = (frozenset(stem(word.lower()) for word in words(text)) for text in (a, b))
    table = _opposites()
    return any(table[word] & (other - one) for word in one - other if word in table)


def _other_numbers(a: str, b: str) -> bool:
    return bool(numbers(a) and numbers(b) and not numbers(a) & numbers(b))


def _overlap(a: str, b: str) -> float:
    """The telling words that two texts share, of all that they have, each by its weight (weighted Jaccard)."""
    one, other = telling(a), telling(b)
    shared = sum(min(one[word], other[word]) for word in one.keys() & other.keys())
    every = sum(max(one.get(word, 0.0), other.get(word, 0.0)) for word in one.keys() | other.keys())
    return shared / every if every else 1.0
