"""Why two insights are linked, in a few true words for people."""

from __future__ import annotations

from takefive.relations.values import Point
from takefive.relations.words import stem, weight, words

TELLING = 0.80  # weight of a word from which it can stand alone for a subject: "deployment" can, "people" cannot
LONGEST_PHRASE = 3


def reason(point: Point, other: Point, *, same: bool = False) -> str:
    """Why `other` is linked from `point`: the strongest that holds of shared topic, same speaker, shared subject, shared source."""
    topic = _shared_topic(point, other)
    speaker = _speaker(point, other)
    if same:
        return speaker or _source(point, other) or "said on another show"
    if topic:
        return f"both on {topic}"
    if speaker:
        return speaker
    subject = _shared_subject(point.text, other.text)
    return f"also about {subject}" if subject else _source(point, other) or "close in meaning"


def _shared_topic(point: Point, other: Point) -> str | None:
    """The first topic of `point` that `other` has too, as `point` writes it."""
    theirs = {topic.casefold() for topic in other.topics}
    return next((topic for topic in point.topics if topic.casefold() in theirs), None)


def _speaker(point: Point, other: Point) -> str | None:
    if not point.speaker or not other.speaker or point.speaker.casefold() != other.speaker.casefold():
        return None
    if point.episode == other.episode:
        return "same speaker, same episode"
    if point.published is None or other.published is None or point.published == other.published:
        return "same speaker, another episode"
    return "same speaker, earlier" if other.published < point.published else "same speaker, later"


def _source(point: Point, other: Point) -> str | None:
    if point.episode == other.episode:
        return "from the same episode"
    return "from the same podcast" if point.podcast == other.podcast else None


def _shared_subject(text: str, other: str) -> str | None:
    """The most telling run of words, up to three, that stands in both texts: as `other` writes it."""
    theirs, best = words(other), (0.0, "")
    mine = _runs([word.lower() for word in words(text)])
    for length in range(1, LONGEST_PHRASE + 1):
        for at in range(len(theirs) - length + 1):
            run = theirs[at : at + length]
            value = _value(run)
            if value > best[0] and tuple(stem(word.lower()) for word in run) in mine:
                best = (value, " ".join(_plain(word, at + i) for i, word in enumerate(run)))
    return best[1] or None


def _runs(spoken: list[str]) -> set[tuple[str, ...]]:
    stems = [stem(word) for word in spoken]
    return {tuple(stems[at : at + n]) for n in range(1, LONGEST_PHRASE + 1) for at in range(len(stems) - n + 1)}


def _value(run: list[str]) -> float:
    """How telling a run is: 0 where an end is a common word; names count more than words, long runs more than short."""
    weights = [weight(word.lower()) for word in run]
    if min(weights[0], weights[-1]) < TELLING or any(len(word) < 3 and not word.isupper() for word in run):
        return 0.0
    return sum(value * (1.3 if word[0].isupper() else 1.0) for value, word in zip(weights, run, strict=True))


def _plain(word: str, at: int) -> str:
    """A word as it would stand inside a sentence."""
    opens = at == 0 and word[1:].islower() and weight(word.lower()) < 1.0
    return word.lower() if opens else word
