"""Whether a run of words is a sentence: its subject, the verb that carries it, a decent end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from takefive.insights.lexicon import CONDITIONAL, EMPTY, WEAK_END
from takefive.insights.tagger import Word, tagged

USUAL_WORDS, MOST_WORDS, WHOLE_WORDS = 12, 20, 30
"""A headline has the first where it can, the second at most where it is cut, the third where it ends with its sentence."""
FEWEST_WORDS = 3
TELLING = ("noun", "name", "verb", "adjective", "participle", "number", "ing")
STRONG_MARKS = frozenset({";", ":", "-", "--", "–", "—", "…"})
_UNFINISHED = STRONG_MARKS - {";"}
"""Marks that no headline holds, a semicolon only one that ends with its sentence."""
CARRIES = ("finite", "pronoun+finite")
QUOTES = '"“”«»'
_SUBJECT_STARTS = (
    "noun",
    "name",
    "pronoun",
    "number",
    "there",
    "pronoun+finite",
    "determiner",
    "adjective",
    "possessive",
)
_PARTING = ("punctuation", "conjunction", "wh")
NO_START = frozenset({"wh", "conjunction", "to", "particle", "finite", "punctuation", "verb", "other", "participle"})
_HANGING = frozenset({"like", "of", "is", "so", "really", "very", "just", "also", "even", "only"})
GOOD_ENDS = ("noun", "name", "adjective", "participle", "verb", "adverb", "number", "ing", "particle", "finite")
BROKEN = re.compile(
    r"\bthat because\b|^(?:it|that|this) (?:isn't|wasn't|is not|was not) (?:that|because|just|only)\b|\bnot (?:only|just)\b"
    r"|\b(?:a similar|the same|the other|another|a different)\b(?!.*\b(?:as|to|that|when|for|than|from)\b)"
    r"|\b(?:do|does|did|doing|done) (?:that|this|it|so)\b|\bthe (?:new|old|first|second|last|latest|big|other|right) ones?\b"
)
"""Phrases that a line only has where half of it is missing."""
_HANGING_TO = re.compile(r"\bto (?:understand|know|remember|reali[sz]e|note|recogni[sz]e|keep|say|think about)$")


@dataclass(frozen=True, slots=True)
class Cut:
    """The words `start` to `end` of a sentence; `marked` where they end before the thought does."""

    words: Sequence[Word]
    start: int
    end: int
    marked: bool = False

    @property
    def spoken(self) -> list[Word]:
        """The words without the marks."""
        return [word for word in self.words[self.start : self.end] if word.tag != "punctuation"]

    @property
    def numbered(self) -> list[tuple[int, Word]]:
        """The words and marks with their numbers in the sentence."""
        return list(enumerate(self.words))[self.start : self.end]

    @property
    def finished(self) -> bool:
        """Whether it ends with its sentence."""
        return not self.marked and self.end == len(self.words)

    @property
    def whole(self) -> bool:
        """Whether it is all that its sentence says."""
        return not self.marked and self.start == 0 and self.end == len(self.words)


def plain(cut: Cut) -> str:
    """The words in lower case with plain apostrophes."""
    return " ".join(low(word) for word in cut.spoken)


def low(word: Word) -> str:
    """The word in lower case with plain apostrophes."""
    return word.text.lower().replace("’", "'")


def words_of_speech(text: str) -> list[Word]:
    """The words with their tags; "Python's an evolving language" has a verb in it."""
    words = tagged(text)
    for i, word in enumerate(words[:-1]):
        if (
            word.tag == "possessive"
            and low(word).endswith("'s")
            and low(words[i + 1]) in ("a", "an", "the", "not", "been", "very")
        ):
            words[i] = replace(word, tag="pronoun+finite")
    return words


def opens_a_clause(words: Sequence[Word], i: int) -> bool:
    """Whether a subject begins here and its verb comes soon."""
    if i >= len(words) or words[i].tag not in _SUBJECT_STARTS or low(words[i]) in CONDITIONAL:
        return False
    tags = [word.tag for word in words[i : i + 6]]
    verb = next((n for n, tag in enumerate(tags) if tag in CARRIES), None)
    ahead = enumerate(words[i : i + 6])
    stop = next((n for n, word in ahead if word.tag in _PARTING or low(word) in CONDITIONAL | {"because"}), len(tags))
    return verb is not None and verb < stop and (verb > 0 or tags[0] == "pronoun+finite")


def stands(cut: Cut) -> bool:
    """Whether the cut is a whole sentence: a subject, its verb, a decent end, nothing that only talks."""
    spoken = cut.spoken
    most, marks = (WHOLE_WORDS, _UNFINISHED) if cut.finished else (MOST_WORDS, STRONG_MARKS)
    if not FEWEST_WORDS <= len(spoken) <= most or spoken[0].tag in NO_START - _fronted(spoken):
        return False
    if any(word.text in "()[]" or (word.text in marks and not inside_a_word(cut.words, i)) for i, word in cut.numbered):
        return False
    if BROKEN.search(plain(cut)):
        return False
    verb = main_verb(cut)
    if verb is None or sum(word.tag in TELLING or (word.tag == "finite" and len(word.text) > 4) for word in spoken) < 2:
        return False
    if sum(word.tag in CARRIES for word in spoken) < 1 + _opened(spoken):
        return False
    last = low(spoken[-1])
    if cut.end < len(cut.words) and (spoken[-1].tag not in GOOD_ENDS or last in WEAK_END or spoken[-1] is verb):
        return False
    if spoken[-1].tag in ("determiner", "possessive", "to", "conjunction", "wh") or last in _HANGING:
        return False
    return not EMPTY.search(plain(cut)) and not _HANGING_TO.search(plain(cut))


def inside_a_word(words: Sequence[Word], i: int) -> bool:
    """Whether a hyphen stands inside a word, as in "30-year-old"."""
    return 0 < i < len(words) - 1 and words[i - 1].end == words[i].start and words[i].end == words[i + 1].start


def _opened(spoken: Sequence[Word]) -> int:
    """How many clauses are opened inside by "who", "which", "what", "that": each needs a verb of its own."""
    count = 0
    for word, following in zip(spoken[1:], [*spoken[2:], spoken[-1]], strict=True):
        count += word.tag == "wh" and following.tag != "to"
        count += low(word) == "that" and word.tag == "preposition"
    return count


def _fronted(spoken: Sequence[Word]) -> frozenset[str]:
    return frozenset({"wh"}) if low(spoken[0]) in CONDITIONAL else frozenset()


def main_verb(cut: Cut) -> Word | None:
    """The verb that carries the sentence; None where it has no subject, or a fronted "if" has no main clause."""
    inside = list(cut.words[cut.start : cut.end])
    conditional = low(inside[0]) in CONDITIONAL
    if conditional or inside[0].tag in ("preposition", "adverb"):
        comma = next((i for i, word in enumerate(inside) if word.text == ","), 0)
        if conditional and not any(word.tag in CARRIES for word in inside[:comma]):
            return None
        if inside[0].tag == "preposition" and not comma and not any(word.tag == "number" for word in inside[:3]):
            return None
        inside = inside[comma + 1 :] if comma else inside
        if inside and low(inside[0]) in ("like", "and", "or", "but"):
            return None
        inside = inside[1:] if conditional and inside and low(inside[0]) == "then" else inside
    place = next((i for i, word in enumerate(inside) if word.tag in CARRIES), None)
    if place is None or (place == 0 and inside[0].tag != "pronoun+finite"):
        return None
    subject = inside[:place] or inside[:1]
    if any(word.tag == "punctuation" or (low(word) in CONDITIONAL and low(word) != "how") for word in subject):
        return None
    if any(word.tag == "wh" or low(word) == "that" for word in subject[1:]):
        later = [i for i, word in enumerate(inside) if word.tag in CARRIES and i > place]
        if not later:
            return None
        place = later[0]
    return inside[place] if any(word.tag in _SUBJECT_STARTS or word.tag == "ing" for word in subject) else None
