"""Why two insights are linked, in a few true words for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from takefive.insights.tagger import tagged
from takefive.relations.entities import topic_key
from takefive.relations.people import person_name
from takefive.relations.values import Point
from takefive.relations.words import could_be_a_subject, stem, vague, weight, words

TELLING = 0.95  # weight of a word from which it can stand alone for a subject: "deployment" can, "workers" cannot
PART = 0.82  # in a phrase, and where it stands in a topic of one of the two, a commoner word will do
LONGEST_PHRASE = 3
NEAR = "close in meaning"  # what is left to say where no word, person or source is shared


def reason(point: Point, other: Point, *, same: bool = False) -> str:
    """Why `other` is linked from `point`, the first that holds: a shared topic, the same speaker, a shared subject, what
    `other` is on, a shared source.
    """
    topic = _shared_topic(point, other)
    speaker = _speaker(point, other)
    if same:
        return speaker or _source(point, other) or "said on another show"
    if topic:
        return f"both on {topic}"
    if speaker:
        return speaker
    subject = _shared_subject(point, other)
    return f"also about {subject}" if subject else _its_own(point, other) or _source(point, other) or NEAR


def _shared_topic(point: Point, other: Point) -> str | None:
    """The first topic of `point` that `other` has too, in whatever letters, as `point` writes it."""
    theirs = {topic_key(topic) for topic in other.topics} - {""}
    return next((topic for topic in point.topics if topic_key(topic) in theirs and _specific(topic)), None)


def _its_own(point: Point, other: Point) -> str | None:
    """What `other` is on, where the two are near only by what they mean."""
    topic = next((topic for topic in other.topics if _specific(topic)), None)
    return f"on {topic}" if topic and point.episode != other.episode else None


def _specific(topic: str) -> bool:
    """Whether a topic says anything; a short one ("Go", "AI") is taken as given."""
    return any("'" not in word and "’" not in word and word.lower() not in vague() for word in words(topic))


def _speaker(point: Point, other: Point) -> str | None:
    if not _one_person(point, other):
        return None
    if point.episode == other.episode:
        return "same speaker, same episode"
    if point.published is None or other.published is None or point.published == other.published:
        return "same speaker, another episode"
    return "same speaker, earlier" if other.published < point.published else "same speaker, later"


def _one_person(point: Point, other: Point) -> bool:
    """Whether both are surely by one: the same name without titles, in full, or on the same podcast."""
    name = person_name(point.speaker or "")
    if name is None or name != person_name(other.speaker or ""):
        return False
    return name.full or point.podcast == other.podcast


def _source(point: Point, other: Point) -> str | None:
    if point.episode == other.episode:
        return "from the same episode"
    return "from the same podcast" if point.podcast == other.podcast else None


def _shared_subject(point: Point, other: Point) -> str | None:
    """The most telling run of words, up to three, that stands in both texts: as `other` writes it."""
    plain = _lower_case(point.text) | _lower_case(other.text)
    topics = [words(topic) for topic in point.topics + other.topics]
    named = frozenset(stem(word.lower()) for topic in topics for word in topic)
    shared = [(_value(run, plain, named), run) for run in _shared_runs(point.text, other.text)]
    telling = sorted((one for one in shared if one[0] > 0), key=lambda one: -one[0])
    if not telling:  # to find the nouns costs more than all else here
        return None
    heads = {stem(topic[-1].lower()) for topic in topics if topic}
    mine, theirs = _nouns(point.text), _nouns(other.text)
    nouns = theirs & (mine | heads) | (theirs | mine) - plain
    best = next((run for _, run in telling if _is_noun(run[-1], nouns, heads)), ())
    return " ".join(_written(word, plain) for word in best) or None


def _shared_runs(text: str, other: str) -> list[tuple[_Word, ...]]:
    """Every run of up to three words of `other` that stands in `text` too."""
    mine, theirs = _runs(text), _spoken(other)
    starts = (at for at, first in enumerate(theirs) if (first.stem,) in mine)
    runs = (theirs[at : at + length] for at in starts for length in range(1, LONGEST_PHRASE + 1))
    return [run for run in runs if tuple(word.stem for word in run) in mine]


class _Word(NamedTuple):
    text: str
    stem: str
    weight: float


@lru_cache(maxsize=4096)
def _spoken(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(word, stem(word.lower()), weight(word.lower())) for word in words(text))


@lru_cache(maxsize=4096)
def _nouns(text: str) -> frozenset[str]:
    """The stems that are nouns or names here: people say "about errors", not "about restricting"."""
    return frozenset(stem(word.text.lower()) for word in tagged(text) if word.tag in ("noun", "name"))


@lru_cache(maxsize=64)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    stems = [word.stem for word in _spoken(text)]
    return frozenset(tuple(stems[at : at + n]) for n in range(1, LONGEST_PHRASE + 1) for at in range(len(stems)))


@lru_cache(maxsize=4096)
def _lower_case(text: str) -> frozenset[str]:
    """The stems that a text also writes in lower case: no names, even where they open a sentence."""
    return frozenset(word.stem for word in _spoken(text) if word.text.islower())


def _is_noun(word: _Word, nouns: Collection[str], heads: Collection[str]) -> bool:
    """Whether a phrase can end with it: a noun in both texts, a name in either, what a topic is about ("remote hiring")."""
    return word.stem in nouns or not word.text[1:].islower() or (word.stem in heads and word.text.endswith("ing"))


def _value(run: Sequence[_Word], plain: frozenset[str], named: frozenset[str]) -> float:
    """How telling a run is: 0 where a word is no subject; names and words of a topic count more, long runs more than short."""
    alone = len(run) == 1 and run[0].stem not in named
    if not all(_tells(word, named) for word in run) or (alone and run[0].weight < TELLING):
        return 0.0
    return sum(word.weight * (1.0 if word.stem in plain and word.stem not in named else 1.3) for word in run)


def _tells(word: _Word, named: frozenset[str]) -> bool:
    return could_be_a_subject(word.text) and (word.weight >= PART or (word.stem in named and word.weight > 0))


def _written(word: _Word, plain: frozenset[str]) -> str:
    return word.text.lower() if word.stem in plain else word.text
