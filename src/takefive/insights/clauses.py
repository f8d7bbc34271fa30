"""Where grammar lets a sentence be cut, so that a piece of it stands as a claim of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from takefive.insights.lexicon import (
    CONDITIONAL,
    CUTTING,
    EMPTY,
    JOINING,
    SAYING,
    WEAK_END,
)
from takefive.insights.tagger import Word, tagged

MOST_WORDS = 12
FEWEST_WORDS = 4

_BREAKS = frozenset({",", ";", ":", "-", "--", "–", "—", "…", "(", ")", "."})
_CARRIES = ("finite", "pronoun+finite")
_SUBJECTS = ("noun", "name", "pronoun", "number", "there", "ing", "pronoun+finite", "determiner", "adjective")
_NO_BEGINNING = (
    "wh",
    "conjunction",
    "preposition",
    "to",
    "particle",
    "finite",
    "participle",
    "punctuation",
    "verb",
    "other",
)
_GOOD_ENDS = ("noun", "name", "adjective", "participle", "verb", "adverb", "number", "ing", "particle")
TELLING = ("noun", "name", "verb", "adjective", "participle", "number", "ing")


@dataclass(frozen=True, slots=True)
class Cut:
    """The words `start` to `end` of a sentence."""

    words: Sequence[Word]
    start: int
    end: int

    @property
    def spoken(self) -> list[Word]:
        """The words without the marks."""
        return [word for word in self.words[self.start : self.end] if word.tag != "punctuation"]

    @property
    def before(self) -> str:
        """The word or mark before the piece, "." at the start."""
        return self.words[self.start - 1].text.lower() if self.start else "."

    @property
    def after(self) -> str:
        """The word or mark after it, "." at the end."""
        return self.words[self.end].text.lower() if self.end < len(self.words) else "."


def cuts(sentence: str) -> Iterator[Cut]:
    """Every piece of a sentence of 4 to 12 words that is a whole clause; none of a question."""
    if sentence.rstrip('"” ').endswith("?"):
        return
    words = tagged(sentence)
    while words and words[-1].tag == "punctuation":
        words.pop()
    for start in _starts(words):
        for end in _ends(words, start):
            cut = Cut(words, start, end)
            if _stands(cut):
                yield cut


def _starts(words: Sequence[Word]) -> list[int]:
    """Where a clause may begin: the start, after a break or a joining word, but not inside an "if" or a "when"."""
    found, hanging = [], False
    for i, word in enumerate(words):
        fresh = i == 0 or words[i - 1].text in _BREAKS or words[i - 1].text.lower() == "then"
        hanging = hanging and not fresh
        joined = i > 0 and (words[i - 1].text.lower() in JOINING or _opens_a_clause(words, i - 1))
        if (fresh or joined) and not hanging and word.text.lower() not in JOINING:
            found.append(i)
        hanging = hanging or word.text.lower() in CONDITIONAL or word.tag == "wh"
    return found


def _opens_a_clause(words: Sequence[Word], i: int) -> bool:
    """ "It means that ...", "we realised that ...": what follows is a claim of its own; "the time that ..." is not."""
    after_verb = i > 0 and words[i - 1].tag in ("finite", "verb", "participle", "adjective", "ing")
    return words[i].text.lower() == "that" and words[i].tag == "preposition" and after_verb


def _ends(words: Sequence[Word], start: int) -> list[int]:
    """Where it may end: at the end, before a break, before a word that joins the next clause."""
    last = min(len(words), start + MOST_WORDS + 3)
    return [
        end
        for end in range(start + FEWEST_WORDS, last + 1)
        if end == len(words)
        or words[end].text in _BREAKS
        or words[end].text.lower() in JOINING
        or words[end].text.lower() in CUTTING
    ]


def _stands(cut: Cut) -> bool:
    """Whether the cut is a whole clause: a subject, a verb, a decent end, nothing that only talks."""
    spoken = cut.spoken
    if not FEWEST_WORDS <= len(spoken) <= MOST_WORDS or spoken[0].tag in _NO_BEGINNING:
        return False
    if any(word.text in ("(", ")") or word.text in _BREAKS - {","} for word in cut.words[cut.start : cut.end]):
        return False
    if sum(word.tag in TELLING for word in spoken) < 2:
        return False
    verb = next((i for i, word in enumerate(spoken) if word.tag in _CARRIES), None)
    if verb is None or (verb == 0 and spoken[0].tag != "pronoun+finite"):
        return False
    if spoken[0].tag == "ing" and spoken[verb].tag != "finite":
        return False
    subject = spoken[:verb] or spoken[:1]
    if not any(word.tag in _SUBJECTS for word in subject) or any(word.tag in ("wh", "to") for word in subject):
        return False
    if not _balanced(cut, subject):
        return False
    return _ends_well(cut, spoken, verb) and not EMPTY.search(plain_text(spoken))


def _balanced(cut: Cut, subject: Sequence[Word]) -> bool:
    """No break or joining word before the verb; what a comma, an "and" or a "because" adds has a verb of its own."""
    inside = cut.words[cut.start : cut.end]
    parts: list[list[Word]] = [[]]
    for word in inside:
        if word.text == "," or word.text.lower() in JOINING - {"and", "or"}:
            parts.append([])
        parts[-1].append(word)
    if inside[0].text.lower() in CONDITIONAL and len(parts) < 2:
        return False
    if any(word.text.lower() in JOINING for word in subject) or len(parts) > 3:
        return False
    return all(any(word.tag in _CARRIES for word in part) for part in parts)


def _ends_well(cut: Cut, spoken: Sequence[Word], verb: int) -> bool:
    last = spoken[-1].text.lower()
    if spoken[-1].tag not in _GOOD_ENDS or last in WEAK_END:
        return False
    cut_off = cut.end < len(cut.words)
    if cut_off and (verb == len(spoken) - 1 or last in SAYING or spoken[-1].tag == "particle"):
        return False
    quotes = sum(word.text in '"“”' for word in cut.words[cut.start : cut.end])
    return quotes % 2 == 0


def plain_text(spoken: Sequence[Word]) -> str:
    """The words in lower case with plain apostrophes."""
    return " ".join(word.text.lower().replace("’", "'") for word in spoken)
