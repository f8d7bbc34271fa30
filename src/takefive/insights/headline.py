"""One line that says the claim: the strongest clause of a passage, cut where grammar lets it be cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from takefive.insights.clauses import FEWEST_WORDS, MOST_WORDS, TELLING, Cut, cuts, plain_text
from takefive.insights.clean import pieces, without_opening
from takefive.insights.lexicon import (
    CONDITIONAL,
    FIRST_PERSON,
    LEANING,
    SECOND_PERSON,
    STRONG,
    VAGUE,
)
from takefive.insights.tagger import tagged

_PERSONS = frozenset({"he", "she", "he's", "she's", "he'd", "she'd", "his", "her", "him"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece that can stand as a headline, how well, and the number of its sentence."""

    text: str
    score: float
    sentence: int = 0


def headline(
    text: str, speaker: str | None = None, *, weight: Callable[[str], float] | None = None, topics: Sequence[str] = ()
) -> Clause:
    """The best headline of a cleaned passage: at most 12 words, a whole clause, capitalised, no full stop.

    A clause in the first person is given to its speaker ("Suz Hinton: we threw the prototype away"), one that opens with
    "it" or "they" to its topic ("Compact blocks: they halve the delay"). `weight` says how
    much a word tells (its rarity, 0 to 1); `topics` are the passage's own. Scores under 0 read badly alone.
    """
    found = list(_clauses(text, speaker, weight or (lambda _: 0.7), topics))
    return max(found, key=lambda clause: clause.score, default=None) or Clause(_shortened(text), -9.0)


def _clauses(text: str, speaker: str | None, weight: Callable[[str], float], topics: Sequence[str]) -> Iterator[Clause]:
    wanted = frozenset(word.lower() for topic in topics for word in topic.split())
    for number, sentence in enumerate(pieces(text)):
        for cut in cuts(sentence):
            line = _line(sentence[cut.words[cut.start].start : cut.words[cut.end - 1].end], cut, speaker, topics)
            if line:
                yield Clause(line, worth(signs(cut, weight, wanted, number)), number)


WEIGHTS = {
    "telling": 0.2,
    "telling_mean": 2.0,
    "words": 0.2,
    "strong": 0.7,
    "number": 0.6,
    "named": 0.3,
    "topical": 0.5,
    "whole_start": 0.3,
    "whole_end": 0.7,
    "leaning_subject": -2.2,
    "leaning_inside": -0.6,
    "first_person_subject": -0.5,
    "second_person_subject": -0.6,
    "first_person_inside": 0.0,
    "commas": -0.7,
    "vague": -0.8,
    "conditional": -1.2,
    "cut_before_wh": -1.0,
    "after_because": 0.2,
    "after_that": 0.2,
    "sentence_0": 0.3,
    "sentence_late": -0.2,
    "past": 0.1,
    "modal": 0.0,
}
"""What each sign is worth. Those of content follow a fit of clauses to the reference headlines; those of reading are by hand."""


def worth(row: Sequence[float]) -> float:
    """The signs of a clause, weighed."""
    return sum(weight * value for weight, value in zip(WEIGHTS.values(), row, strict=True))


def signs(cut: Cut, weight: Callable[[str], float], wanted: frozenset[str], number: int) -> tuple[float, ...]:
    """What can be counted about a clause, in the order of `WEIGHTS`."""
    spoken = cut.spoken
    lower = [word.text.lower().replace("’", "'") for word in spoken]
    tells = [weight(word) for word, w in zip(lower, spoken, strict=True) if w.tag in TELLING]
    return (
        sum(tells),
        sum(tells) / len(spoken),
        len(spoken),
        bool(STRONG.search(" ".join(lower))),
        any(c.isdigit() for c in " ".join(lower)),
        any(word.tag == "name" for word in spoken),
        len(wanted & set(lower)),
        cut.before in ".:",
        cut.end == len(cut.words),
        lower[0] in LEANING,
        sum(word in LEANING for word in lower[1:]),
        lower[0] in FIRST_PERSON,
        lower[0] in SECOND_PERSON,
        any(word in FIRST_PERSON for word in lower[1:]),
        sum(word.tag == "punctuation" and word.text == "," for word in cut.words[cut.start : cut.end]),
        sum(word in VAGUE for word in lower) + (lower[0] in VAGUE),
        lower[0] in CONDITIONAL,
        cut.end < len(cut.words) and cut.words[cut.end].tag == "wh",
        cut.before in ("because", "so"),
        cut.before == "that",
        number == 0,
        number > 2,
        any(
            word.text.endswith("ed") or word.text in ("was", "were", "had", "did")
            for word in spoken
            if word.tag == "finite"
        ),
        any(word in ("can", "could", "will", "would", "should", "must") for word in lower),
    )


def _line(text: str, cut: Cut, speaker: str | None, topics: Sequence[str]) -> str:
    """The clause as a headline: what leans is given its topic, what "I" did its speaker. "" where that gets too long."""
    text = without_opening(" ".join(text.split())).strip(" ,;:-–—.…")
    if len(text.split()) < FEWEST_WORDS:
        return ""
    plain = plain_text(cut.spoken)
    owner = ""
    if not FIRST_PERSON.isdisjoint(plain.split()) and speaker and is_name(speaker):
        owner = speaker
    elif plain.split()[0] in LEANING:
        owner = _referent(plain, topics)
        if not owner and plain.split()[0] in _PERSONS:
            return ""
    line = f"{owner[:1].upper()}{owner[1:]}: {_lowered(text, cut)}" if owner else text[:1].upper() + text[1:]
    return line if len(line.split()) <= MOST_WORDS else ""


def _referent(plain: str, topics: Sequence[str]) -> str:
    """The topic that a leaning clause is most likely about: for a person a name, else a phrase rather than a single word."""
    others = [topic for topic in topics if topic.lower() not in plain]
    if plain.split()[0] in _PERSONS:
        return next((topic for topic in others if topic.istitle() and " " in topic), "")
    return next((topic for topic in others if " " in topic or topic[:1].isupper()), next(iter(others), ""))


def is_name(speaker: str) -> bool:
    """Whether a speaker's label is a person's name and not "Speaker 2"."""
    return re.search(r"\d|^(?:speaker|host|guest|unknown|male|female|narrator)\b", speaker, re.IGNORECASE) is None


def _lowered(text: str, cut: Cut) -> str:
    first = text.split()[0]
    keep = first.replace("’", "'").split("'")[0] == "I" or any(
        word.text == first and word.tag == "name" for word in cut.spoken
    )
    return text if keep or any(c.isupper() for c in first[1:]) else text[:1].lower() + text[1:]


def _shortened(text: str) -> str:
    """The last resort: the first words up to the last good end."""
    line = without_opening(next(iter(pieces(text)), ""))
    words = [word for word in tagged(line) if word.tag != "punctuation"][:MOST_WORDS]
    ends = [i for i, word in enumerate(words) if i > 1 and word.tag in ("noun", "name", "number")]
    line = line[: words[ends[-1] if ends else -1].end] if words else line
    return line[:1].upper() + line[1:]
