"""A reader's own words in, phrases they want and phrases they do not want out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MAX_PHRASES = 50
MAX_LENGTH = 120
MAX_TEXT = 15_000  # the sentence of two full lists is shorter

_BLANKS = re.compile(r"[^\S\r\n]+")
_BUT_NOT = re.compile(r"[\s,]{1,3}(?:but|and|except|just)\s+(?=(?:not|no|never|nothing|without)\b)", re.IGNORECASE)
_CLAUSE = re.compile(r"[;\n\r\u2028\u2029|•]+|(?<=[^\W\d_]{3})[.!?](?=\s|$)")
_COMMA = re.compile(r" ?[,、،] ?(?:and\s+|or\s+)?")
_NOT = re.compile(
    r"^(?:not|no|never|nothing|without|except|less|avoid|skip|mute|(?:i\s+)?(?:do\s+not|don['’]t)|[-–—−](?=\S))"
    r"(?:\s+(?:about|on|any|more|interested\s+in|like|want|care\s+(?:for|about)))*(?:\s+|(?<=[-–—−]))",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:[*+]\s+|[-–—]\s+|\d{1,2}[.)]\s+)?(?:(?:i\s+am|i['’]m|i)\s+)?(?:also\s+)?(?:very\s+)?"
    r"(?:(?:interested\s+in|curious\s+about|into|(?:like|love|enjoy|want)(?:\s+(?:to\s+)?(?:hear|read)(?:ing)?\s+about)?"
    r"|anything\s+(?:about|on)|everything\s+(?:about|on)|more\s+(?:about|on))\s+)?",
    re.IGNORECASE,
)
_EDGES = " \t'\"“”‘’«»()[]*.,:"


def parse(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The phrases that `text` wants and those it does not, as (interests, not_interests).

    "how small teams ship; sleep; not crypto prices" gives (("how small teams ship", "sleep"), ("crypto prices",)).
    Phrases are parted by semicolons or lines; a clause with commas is a list, and a "not" in it holds for that item
    alone. Each phrase is kept once (without case), in order, at most 50 of at most 120 characters; any text is fine.
    """
    wanted: dict[str, str] = {}
    unwanted: dict[str, str] = {}
    for phrase in _phrases(text):
        bare = _LEAD_IN.sub("", phrase, count=1)
        negation = _NOT.match(bare)
        _keep(unwanted if negation else wanted, bare[negation.end() :] if negation else bare)
    interests = [phrase for key, phrase in wanted.items() if key not in unwanted]
    return tuple(interests[:MAX_PHRASES]), tuple(unwanted.values())[:MAX_PHRASES]


def reread(text: str, wanted: Sequence[str], unwanted: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As `parse`, where the two lists were told as lists: what of their `sentence` still stands in `text` means that phrase.

    So "how to say no, kindly" stays one interest, and "no code tools" stays wanted, whatever is written beside it.
    """
    if text == sentence(wanted, unwanted):
        return tuple(wanted), tuple(unwanted)
    kept = {f"not {phrase}": (False, phrase) for phrase in unwanted} | {phrase: (True, phrase) for phrase in wanted}
    found: list[tuple[bool, str]] = []
    for clause in _standing(kept).split(text) if kept else [text]:
        told = parse(clause)
        read = [(True, phrase) for phrase in told[0]] + [(False, phrase) for phrase in told[1]]
        found += [kept[clause]] if clause in kept else read
    said = list(dict.fromkeys(found))
    lists = ([p for good, p in said if good and (False, p) not in said], [p for good, p in said if not good])
    return tuple(lists[0][:MAX_PHRASES]), tuple(lists[1][:MAX_PHRASES])


def sentence(wanted: Iterable[str], unwanted: Iterable[str]) -> str:
    """The interests as a reader would write them: "sleep; not crypto prices"."""
    return "; ".join([*wanted, *(f"not {phrase}" for phrase in unwanted)])


def _standing(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of these where it is a whole clause, the longest first; split by it, the text between them and they themselves."""
    any_ = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    return re.compile(rf"(?:^|(?<=[;\r\n]))[^\S\r\n]*({any_})[^\S\r\n]*(?=[;\r\n]|$)")


def _phrases(text: str) -> list[str]:
    folded = _BLANKS.sub(" ", text[:MAX_TEXT])  # no run of blanks is long: the patterns stay fast
    clauses = _CLAUSE.split(_BUT_NOT.sub(";", folded))
    return [item for clause in clauses for item in _COMMA.split(clause.strip())]


def _keep(phrases: dict[str, str], phrase: str) -> None:
    printable = "".join(character if character.isprintable() else " " for character in phrase)
    clean = " ".join(printable.split())[:MAX_LENGTH].strip(_EDGES)
    if any(character.isalnum() for character in clean):
        phrases.setdefault(clean.casefold(), clean)
