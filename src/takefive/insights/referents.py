"""Who "it" and "they" are, where grammar leaves one answer: the subject stays the subject (Grosz, Joshi & Weinstein 1995)."""

from __future__ import annotations

from collections.abc import Sequence

from takefive.insights.clauses import Piece
from takefive.insights.lexicon import LEAD, LEANING
from takefive.insights.tagger import Word, tagged
from takefive.insights.truth import leaning

_SINGULAR = {"it": "", "it's": " is", "it'll": " will"}
_PLURAL = {"they": "", "they're": " are", "they'll": " will", "they've": " have"}
_EXPLETIVE = (
    "turns",
    "seems",
    "takes",
    "took",
    "was",
    "is",
    "depends",
    "feels",
    "looks",
    "can",
    "could",
    "would",
    "makes",
)
_INNER = ("noun", "name", "adjective", "number")


def completed(piece: Piece, sentences: Sequence[str]) -> str:
    """The piece with its first pronoun replaced by the bracketed noun it stands for; "" where that is not certain."""
    spoken = piece.cut.spoken
    first = spoken[0].text.lower().replace("’", "'")
    if leaning(piece.cut) != first or len(spoken) < 2 or first not in _SINGULAR | _PLURAL:
        return ""
    if any(word.text.lower() in LEANING and word.tag != "number" for word in spoken[1:]):
        return ""
    if first.startswith("it") and (first == "it's" or spoken[1].text.lower() in _EXPLETIVE):
        return ""
    noun = subject_before(piece, sentences)
    if not noun or plural(noun[-1]) != (first in _PLURAL):
        return ""
    named = " ".join(word.text for word in noun)
    named = named if noun[0].tag == "name" else named[:1].lower() + named[1:]
    rest = piece.text[spoken[0].end - spoken[0].start :]
    return f"[{named}]{(_SINGULAR | _PLURAL)[first]}{rest}"


def subject_before(piece: Piece, sentences: Sequence[str]) -> list[Word]:
    """The noun phrase that is subject of the clause just before, [] where another noun could be meant."""
    if piece.cut.start:
        words: Sequence[Word] = piece.cut.words[: piece.cut.start]
    elif piece.sentence:
        words = tagged(LEAD.sub("", sentences[piece.sentence - 1]))
    else:
        return []
    verbs = [i for i, word in enumerate(words) if word.tag in ("finite", "pronoun+finite")]
    if (
        len(verbs) != 1
    ):  # "Customers like it, because the person who built it cares, and they ...": another clause, another subject
        return []
    (verb,) = verbs
    subject = list(words[:verb])
    while subject and subject[-1].tag == "adverb":
        subject.pop()
    nouns = [word for word in subject if word.tag in ("noun", "name")]
    plain_phrase = all(word.tag in (*_INNER, "determiner", "possessive") for word in subject)
    if not nouns or not plain_phrase or len(subject) > 4 or subject[-1].tag not in ("noun", "name"):
        return []
    others = [word for word in words[verb:] if word.tag in ("noun", "name") and plural(word) == plural(subject[-1])]
    vague = subject[0].text.lower() in ("some", "many", "most", "every", "few", "no", "any", "all", "each", "more")
    if vague:
        return []
    pointing = subject[0].text.lower() in LEANING or subject[0].tag == "possessive"
    return [] if pointing or (others and subject[-1].tag != "name") else subject


def plural(noun: Word) -> bool:
    """Whether a noun is written as one of many: "tests", "people", not "process"."""
    low = noun.text.lower()
    many = low.endswith("s") and not low.endswith(("ss", "us", "is", "ics")) and noun.tag == "noun"
    return many or low in ("people", "folks", "children", "men", "women")
