"""Signs that two texts of nearly the same words make opposite points: "it scales" and "it does not scale" lie close."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from takefive.relations.words import numbers, stem, telling, words

NEARLY_THE_SAME = 0.4  # share of their telling words; below it a denial in one text says nothing about the other

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|rarely|unlikely|lacks?|lacking"
    r"|fails?|failed|failing|refuses?|refused|stop(?:s|ped)?|avoid(?:s|ed)?|prevents?|myth"
    r"|keeps? \w+ from|instead of|rather than|too \w+(?: \w+){0,3} to be)\b|n['’]t\b",
    re.IGNORECASE,
)
OPPOSITES = (
    Path(__file__).parent / "data" / "opposites.txt"
)  # two words, or phrases with hyphens, a line that stand against each other
# What two texts of so few words share at least where a word of one stands against a word of the other.
AGAINST, SHORT = 0.15, 24
PREFIX = re.compile(r"(?:un|in|im|ir|il|dis|non|mis|de|anti|counter)-?(?=\w{4})")


@cache
def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in OPPOSITES.read_text(encoding="ascii").splitlines():
        one, other = (word if "-" in word else stem(word) for word in pair.split())
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


def contrary(a: str, b: str) -> bool:
    """Whether two texts of nearly the same words are told apart by a denial, an opposite, their order, or their numbers."""
    shared = _overlap(a, b)
    if shared < NEARLY_THE_SAME:
        return shared >= AGAINST and max(len(words(a)), len(words(b))) <= SHORT and opposites(a, b)
    return negations(a) % 2 != negations(b) % 2 or opposites(a, b) or turned(a, b) or _other_numbers(a, b)


def replaced(a: str, b: str) -> bool:
    """Whether two texts are nearly the same words and each has a telling one of its own: that may be a synonym, or the opposite.

    No list holds every opposite ("threatens", "reassures"), so such a pair is never taken to make the same point.
    """
    one, other = telling(a).keys(), telling(b).keys()
    return bool(one - other and other - one) and _overlap(a, b) >= NEARLY_THE_SAME


def negations(text: str) -> int:
    """How many words of a text deny something."""
    return len(NEGATION.findall(text))


def opposites(a: str, b: str) -> bool:
    """Whether a word of one text stands against a word that only the other has: "cheap", "expensive"; "fair", "unfair"."""
    one, other = _said(a), _said(b)
    table = _opposites()
    if any(table[word] & (other - one) for word in one - other if word in table):
        return True
    return bool(_without_prefix(one - other) & other or _without_prefix(other - one) & one)


def _said(text: str) -> frozenset[str]:
    """The stems of a text's words, and the phrases of the list that stand in it."""
    spoken = words(text.lower())
    run = f" {' '.join(spoken)} "
    phrases = (phrase for phrase in _phrases() if f" {phrase.replace('-', ' ')} " in run)
    return frozenset((*(stem(_plain(word)) for word in spoken), *phrases))


@cache
def _phrases() -> frozenset[str]:
    return frozenset(word for word in _opposites() if "-" in word)


def _plain(word: str) -> str:
    return word[:-3] if word.endswith("est") and len(word) > 6 else word


def _without_prefix(roots: frozenset[str]) -> set[str]:
    return {PREFIX.sub("", root, count=1) for root in roots if PREFIX.match(root)}


def turned(a: str, b: str) -> bool:
    """Whether two texts put the same telling words in another order: "A beats B", "B beats A"."""
    one, other = ([stem(word.lower()) for word in words(text) if telling(word)] for text in (a, b))
    return one != other and sorted(one) == sorted(other)


def _other_numbers(a: str, b: str) -> bool:
    return bool(numbers(a) and numbers(b) and not numbers(a) & numbers(b))


def _overlap(a: str, b: str) -> float:
    """The telling words that two texts share, of all that they have, each by its weight (weighted Jaccard)."""
    one, other = telling(a), telling(b)
    shared = sum(min(one[word], other[word]) for word in one.keys() & other.keys())
    every = sum(max(one.get(word, 0.0), other.get(word, 0.0)) for word in one.keys() | other.keys())
    return shared / every if every else 1.0
