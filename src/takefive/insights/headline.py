"""One line that says the claim: the piece of a passage that tells most of its meaning, cut where truth lets it be cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from takefive.insights.clauses import Piece, claims, openings
from takefive.insights.clean import pieces, without_opening
from takefive.insights.grammar import MOST_WORDS, TELLING, USUAL_WORDS, WHOLE_WORDS, Cut, low, plain, words_of_speech
from takefive.insights.lexicon import FIRST_PERSON, SECOND_PERSON, STRONG, VAGUE
from takefive.insights.passages import words
from takefive.insights.referents import completed
from takefive.insights.truth import leaning, pointing
from takefive.transcripts.scripts import STOPS, count, unspaced

LONGEST = 60
"""Characters of a headline in a script without spaces, where it has a comma."""
LONGEST_LINE = 150
"""Characters of a headline: three lines of a mail on a telephone."""
_UNBROKEN = re.compile(rf"[^{re.escape(STOPS)}\s]+[{re.escape(STOPS)}]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A possible headline and what can be counted about it, in the order of `SIGNS`."""

    text: str
    signs: tuple[float, ...]
    sentence: int = -1
    """Which sentence it was cut from; -1 where that is not known."""
    sentences: int = 1
    """From how many: two where they are one thought."""

    @property
    def last(self) -> int:
        """The last sentence it was cut from."""
        return self.sentence + self.sentences - 1

    @property
    def reading(self) -> float:
        """How well it reads alone, from the signs by hand: enough to tell which lines the model should read."""
        return sum(weight * sign for weight, sign in zip(SIGNS.values(), self.signs, strict=True))


SIGNS = {
    "telling": 0.2,
    "words": 0.1,
    "long": -0.25,
    "strong": 0.5,
    "number": 0.6,
    "name": 0.5,
    "topical": 0.4,
    "whole": 0.8,
    "marked": -6.0,
    "completed": -0.3,
    "first_person": -0.3,
    "second_person": -0.5,
    "second_person_has": -1.0,
    "vague": -0.7,
    "commas": -0.3,
    "short": -0.8,
    "late": -0.1,
}
"""What each sign of reading is worth, set by hand on read headlines; the meaning is judged by vectors."""
MEANING = (0.15, 0.05)
"""What likeness to the passage and to the episode weighs beside likeness to a headline, all three cosines."""
CUT_SHORT = 0.1
"""What a line loses that ends in "…"."""


def lines(
    said: str | Sequence[str],
    speaker: str | None = None,
    *,
    topics: Sequence[str] = (),
    before: str = "",
    after: str = "",
) -> list[Line]:
    """Every honest headline of a cleaned passage or its sentences; [] where there is none.

    At most 20 words each, 30 where it ends with its sentence.

    A claim in the first person is given to its speaker ("Suz Hinton: we threw the prototype away"); "…" marks one that is cut
    short; a pronoun whose noun is certain is completed ("[Deno] knows all about your source code"). `before` and `after`
    are the sentences around the passage: what they suppose or take back is no claim.
    """
    wanted = frozenset(word.lower() for topic in topics for word in topic.split())
    found = []
    sentences = pieces(said) if isinstance(said, str) else said
    if _wordless(" ".join(sentences)):
        return []
    for piece in claims(sentences, before, after):
        line = _line(piece, speaker, sentences)
        if line:
            found.append(Line(line, _signs(piece, line, wanted), piece.sentence, 1 + bool(piece.follows)))
    return found


def headline(text: str, speaker: str | None = None, **around: str) -> str:
    """The line that reads best, by signs alone; where there is no honest one the opening, marked as cut."""
    return max(lines(text, speaker, **around), key=lambda line: line.reading, default=Line(opening(text), ())).text


def best(found: Sequence[Line], meaning: NDArray[np.float64]) -> tuple[Line, float]:
    """The line that is worth most as a headline, and its worth; `meaning`: cosines to passage and episode, likeness; (n, 3)."""
    worth = meaning @ np.array([*MEANING, 1.0]) - CUT_SHORT * np.array([line.text.endswith("…") for line in found])
    at = int(worth.argmax())
    return found[at], float(worth[at])


def _line(piece: Piece, speaker: str | None, sentences: Sequence[str]) -> str:
    """The piece as a headline, "" where it gets too long or points to what nobody can see."""
    text, cut = " ".join(piece.text.split()).strip(" ,;:-–—."), piece.cut
    if leaning(cut):
        text = completed(piece, sentences)
    spoken = plain(cut).split()
    if not text or "?" in text or pointing(cut) or _back(cut).match(" ".join(spoken)):
        return ""
    text = f"{text}. {piece.follows}" if piece.follows else text
    if FIRST_PERSON & {*spoken, *words(piece.follows)}:
        if not speaker or not is_name(speaker):
            text = text if spoken[0] in FIRST_PERSON else ""
        else:
            text = _owned(text, speaker, WHOLE_WORDS if cut.finished else MOST_WORDS) if text else ""
    text = text[:1].upper() + text[1:]
    fits = len(text.split()) <= (WHOLE_WORDS if cut.finished else MOST_WORDS) and len(text) <= LONGEST_LINE
    return text + " …" * bool(text and cut.marked) if fits else ""


def _signs(piece: Piece, line: str, wanted: frozenset[str]) -> tuple[float, ...]:
    cut = piece.cut
    spoken = [*cut.spoken, *(word for word in words_of_speech(piece.follows) if word.tag != "punctuation")]
    lower = [low(word) for word in spoken]
    return (
        min(sum(word.tag in TELLING for word in spoken), USUAL_WORDS // 2),
        min(len(spoken), USUAL_WORDS),
        max(len(spoken) - USUAL_WORDS, 0),
        bool(STRONG.search(" ".join(lower))),
        any(c.isdigit() for c in line),
        any(word.tag == "name" for word in spoken),
        min(len(wanted & set(lower)), 3),
        cut.whole,
        cut.marked,
        "[" in line,
        bool(FIRST_PERSON & set(lower)) * (1 if ": " in line else 2),
        bool(SECOND_PERSON & set(lower)),
        lower[0] in SECOND_PERSON and lower[1:2] in (["have"], ["get"], ["had"], ["start"]),
        sum(word in VAGUE for word in lower),
        line.count(", "),
        len(spoken) < 5,
        piece.sentence > 2,
    )


def _owned(text: str, speaker: str, most: int) -> str:
    """The line given to its speaker, by the first name where there is no room for more; "" where there is none at all."""
    for name in (speaker.split(",")[0], speaker.split()[0]):
        owned = f"{name}: {_lowered(text)}"
        if len(owned.split()) <= most:
            return owned
    return ""


def is_name(speaker: str) -> bool:
    """Whether a speaker's label is a person's name and not "Speaker 2"."""
    return re.search(r"\d|^(?:speaker|host|guest|unknown|male|female|narrator)\b", speaker, re.IGNORECASE) is None


_BACK = re.compile(
    r"(?:another|others?|whereas|the (?:other|same|first|second|third|last|latter|former)|also|same|such|all it|neither|either)\b"
)
"""Openings that count on from what was said before."""
_BACK_OR_CUT = re.compile(rf"{_BACK.pattern}|(?:there|there's|there're|there're|it|it's|one of|a lot of times)\b")
"""Of these a line that is cut short tells nothing."""
_BACK_OR_PART = re.compile(rf"{_BACK.pattern}|(?:there|there's|there're|one of)\b")
"""Of these what comes before a ", which" tells nothing: "There was a company called Factum"."""


def _back(cut: Cut) -> re.Pattern[str]:
    return _BACK_OR_CUT if cut.marked else _BACK if cut.finished else _BACK_OR_PART


_HALF_SAID = re.compile(
    r"^(?:because|as|until|although|though|at|in|on|with|from|by|for"
    r"|there|there's|i'm|i've|i'd|you|one|let's"
    r"|however|then|also|and|but|or|so|now|maybe|what|which|that|this|it|they|he|she)\b",
    re.IGNORECASE,
)
"""Openings whose point comes only after the cut, or that point back."""
_CASE = re.compile(r"^(?:if|when|whenever|while|unless|since|after|before|once)\b[^,]*(?:,|$)\s*", re.IGNORECASE)
"""A condition in front, which needs most of what hangs on it."""


def opening(text: str, speaker: str | None = None, topics: Sequence[str] = ()) -> str:
    """The last resort, never misleading: how a sentence opens, else who speaks on what; " …" marks what is cut."""
    if _wordless(text):
        return _first_clauses(text)
    named = speaker.split(",")[0] if speaker and is_name(speaker) else ""
    found = sorted(openings(text), key=lambda pair: -pair[1])
    sound = next((line for line, reads in found if reads >= _SOUND and _says_enough(line, named)), "")
    if sound:
        return f"{named}: {_lowered(sound)}" if FIRST_PERSON & set(sound.lower().split()) else _capital(sound)
    quoted = next((line for line, reads in found if reads >= _QUOTABLE and _says_enough(line, named)), "")
    if named and quoted:
        return f"{named}: “{_capital(quoted)}”"
    if named and topics:
        topic = max(topics, key=lambda topic: min(len(topic.split()), 2))  # "business model" tells more than "billions"
        return " ".join(f"{named} on {topic}".split()[:USUAL_WORDS])
    bare = without_opening(text) or text
    return _capital(
        found[0][0] if found else " ".join(bare.split()[:USUAL_WORDS]).strip(" ,;:-–—.") + " …" * bool(bare)
    )


def _wordless(text: str) -> bool:
    """Whether most of a text is in a script without spaces, where neither its words nor a place to cut are known."""
    return unspaced(text) and count(text) > 2 * len(text.split())


def _first_clauses(text: str) -> str:
    """How a text without spaces between its words opens: a sentence, if long cut at a comma, for else a cut falls in a word."""
    first = _UNBROKEN.search(text)
    if not first:
        return text
    line, whole = first[0], first[0][-1] in STOPS or first.end() == len(text.rstrip())
    comma = max(line.rfind(sign, 0, LONGEST) for sign in "，、；")
    if len(line) > LONGEST and comma > 0:
        line, whole = line[:comma], False
    return line + " …" * (not whole)


def _says_enough(line: str, named: str) -> bool:
    after = _CASE.sub("", line)
    own = FIRST_PERSON & set(line.lower().split())
    long_enough = len(line.removesuffix(" …").split()) > _ENOUGH and (after == line or len(after.split()) >= _ENOUGH)
    return long_enough and not _HALF_SAID.match(line) and (bool(named) or not own)


def makeshift(headline: str, speaker: str | None = None) -> bool:
    """Whether a headline is the last resort of a passage without a claim of its own: cut off, or who speaks on what."""
    return headline.endswith(("…", "…”")) or bool(speaker and headline.startswith(f"{speaker.split(',')[0]} on "))


_QUOTABLE = 16  # two of the three signs of `_SOUND` and eight words, or all and fewer
_ENOUGH = 6  # words of the clause that a condition governs
_SOUND = 12  # a verb, something carried, a fair start: four points each


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def _lowered(line: str) -> str:
    """A line as it stands after a colon: names and "I" keep their capital."""
    first = words_of_speech(line)[0]
    keep = first.tag == "name" or low(first).split("'")[0] == "i" or any(c.isupper() for c in line.split()[0][1:])
    return line if keep else line[:1].lower() + line[1:]
