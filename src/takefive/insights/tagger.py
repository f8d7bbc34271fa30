"""What part of speech each word is: enough grammar to find a clause with its verb, and noun phrases.

A linear model over hashed features of a word and its neighbours, decided from left to right (after Ratnaparkhi 1996).
Learned from the tags that a larger tagger gave to podcast transcripts; see the card beside the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from takefive.insights.scorer import FOLDER, card, verified

BUCKETS = 2**15
TOKEN = re.compile(r"\d[\d,.:]*\d%?|[^\W_]+(?:['’.&+/_#-]+[^\W_]+)*['’+#%]*|[$€£]\d[\d,.]*\w?|\.\.\.|--|\S")

TAGS = (
    "noun", "name", "finite", "verb", "ing", "participle", "adjective", "adverb", "determiner", "preposition", "to",
    "pronoun", "possessive", "wh", "conjunction", "number", "particle", "there", "pronoun+finite", "other", "punctuation",
)  # fmt: skip
"""`finite`: a verb that carries a clause (is, went, can); `verb`: its bare form; `pronoun+finite`: it's, they've."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark of a text, where it stands in it, and its tag."""

    text: str
    start: int
    end: int
    tag: str


def tagged(text: str) -> list[Word]:
    """The words and marks of a text with their tags."""
    return list(_tagged(text))


@lru_cache(maxsize=2048)
def _tagged(text: str) -> tuple[Word, ...]:
    """The same sentences are asked for by topics, clauses and referents."""
    matches = list(TOKEN.finditer(text))
    tags = _decided([match[0] for match in matches], _weights())
    return tuple(Word(m[0], m.start(), m.end(), tag) for m, tag in zip(matches, tags, strict=True))


def features(tokens: Sequence[str], i: int, before: str, before_that: str) -> list[int]:
    """The hashed features of word `i`, given the two tags before it."""
    word, lower = tokens[i], tokens[i].lower().replace("’", "'")
    previous = tokens[i - 1].lower() if i else "^"
    following = tokens[i + 1].lower() if i + 1 < len(tokens) else "$"
    shape = "".join("X" if c.isupper() else "0" if c.isdigit() else "x" if c.isalpha() else c for c in word[:4])
    named = (
        "bias", f"w {lower}", f"s3 {lower[-3:]}", f"s2 {lower[-2:]}", f"p {lower[:3]}", f"shape {shape} {i == 0}",
        f"t {before}", f"tt {before_that} {before}", f"tw {before} {lower}", f"l {previous}", f"r {following}",
        f"rs {following[-3:]}", f"lw {previous} {lower}", f"wr {lower} {following}",
    )  # fmt: skip
    return [crc32(name.encode()) % BUCKETS for name in named]


def _decided(tokens: Sequence[str], weights: NDArray[np.float32]) -> list[str]:
    tags: list[str] = ["^", "^"]
    for i, token in enumerate(tokens):
        if not any(c.isalnum() for c in token):
            tags.append("punctuation")
            continue
        tags.append(TAGS[int(weights[features(tokens, i, tags[-1], tags[-2])].sum(axis=0).argmax())])
    return tags[2:]


@cache
def _weights() -> NDArray[np.float32]:
    data = verified(FOLDER / "tagger.npz", card("tagger")["sha256"])
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return np.asarray(file["weights"], dtype=np.float32) * np.float32(file["scale"])
