"""Signs that two texts on one subject say the opposite. Vectors cannot tell: "sells well" and "does not sell" lie close."""

from __future__ import annotations

import re
from functools import cache

from takefive.relations.words import stem

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


def negations(text: str) -> int:
    """How many words of a text deny something."""
    return len(NEGATION.findall(text))


def clashes(a: frozenset[str], b: frozenset[str]) -> int:
    """How many stems that only `a` has stand against a stem that only `b` has ("cheap" against "expensive")."""
    table = _opposites()
    only_b = b - a
    return sum(bool(table[word] & only_b) for word in a - b if word in table)
