"""The words of a text that tell what it is about, and how telling each is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

COMMON = Path(__file__).parent / "data" / "common-words.txt"
VAGUE = (
    Path(__file__).parent / "data" / "vague-words.txt"
)  # rare enough in books, and still no subject: speech is full of them
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:[+#]+)?")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ENDINGS = ("ingly", "edly", "ings", "ies", "ing", "ers", "ed", "er", "es", "ly", "s")
INFLECTIONS = ("s", "es", "ed", "ing")
FUNCTION_WORDS = 140  # the first ranks of the list: "the" to "through"
KEPT = 50_000  # words remembered: visitors type in words too, and those have no end


@cache
def _ranks() -> dict[str, int]:
    """English words by falling frequency, from the vocabulary of BERT (Devlin et al. 2019), which is in that order."""
    return {word: rank for rank, word in enumerate(COMMON.read_text(encoding="ascii").split())}


@cache
def vague() -> frozenset[str]:
    """Lower-case words that nobody would say something is about."""
    return frozenset(VAGUE.read_text(encoding="ascii").split())


@lru_cache(maxsize=KEPT)
def weight(word: str) -> float:
    """How telling a lower-case word is: 0 for function words and letters, more with its rank, 1 if it is not common.

    A form counts as its commonest: "gives" tells no more than "give".
    """
    ranks = _ranks()
    forms = [word, *(word.removesuffix(e) + tail for e in INFLECTIONS for tail in ("", "e") if word.endswith(e))]
    rank = min(ranks.get(form, len(ranks)) for form in forms) if len(word) > 1 else 0
    return 0.0 if rank < FUNCTION_WORDS else math.log1p(rank) / math.log1p(len(ranks))


def could_be_a_subject(word: str) -> bool:
    """Whether people would say that something is about this word: no pronoun, contraction or vague word, no short one but a name.

    Contractions are told by their apostrophe, ' or ’. How rare the word is, `weight` tells.
    """
    long_enough = len(word) >= 4 or (len(word) == 3 and word.isupper())
    return long_enough and not {"'", "’"} & set(word) and word.lower() not in vague()


@lru_cache(maxsize=KEPT)
def stem(word: str) -> str:
    """A word without its ending: enough to hold "caches" and "caching" for one word. Not a dictionary."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            return base[:-1] if len(base) > 3 and base[-1] == base[-2] else base.rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def words(text: str) -> list[str]:
    """The words of a text, in order, as they stand."""
    return WORD.findall(text)


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, thousands unmarked: "1,000" is "1000"."""
    return frozenset(re.sub(r",(?=\d{3}\b)", "", number) for number in NUMBER.findall(text))


@lru_cache(maxsize=KEPT)
def _weighed(word: str) -> tuple[str, float]:
    return stem(word), weight(word)


@lru_cache(maxsize=4096)
def telling(text: str) -> Mapping[str, float]:
    """The stems of a text that say something, each with its weight; function words are left out."""
    weighed = (_weighed(word.lower()) for word in words(text))
    return {root: value for root, value in weighed if value > 0}
