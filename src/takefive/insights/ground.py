"""Find a quote again in the transcript, word for word. What cannot be found is no proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from takefive.transcripts.values import Sentence

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuote:
    """A quote as the transcript has it, in the sentences `first` to `last` (inclusive), seconds from the start."""

    text: str
    first: int
    last: int
    speaker: str | None
    start: float | None
    end: float | None


def find_quote(quote: str, sentences: Sequence[Sentence], *, near: int | None = None) -> FoundQuote | None:
    """Where one speaker says `quote` word for word; None where nobody does.

    White space and the style of quotation marks and dashes do not count; the text given back is the transcript's own.
    Where it stands more than once, the place nearest to sentence `near` counts, else the first.
    """
    wanted = folded(quote)
    if not wanted:
        return None
    places = [found for turn in _turns(sentences) for found in _in_turn(wanted, sentences, turn)]
    if not places:
        return None
    return min(places, key=lambda found: abs(found.first - near) if near is not None else found.first)


def folded(text: str) -> str:
    """White space folded, typographic quotation marks and dashes made plain; same length as the folded text."""
    return " ".join(text.split()).translate(_SAME)


def _turns(sentences: Sequence[Sentence]) -> list[range]:
    starts = [i for i, s in enumerate(sentences) if i == 0 or s.turn != sentences[i - 1].turn]
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(sentences)], strict=True)]


def _in_turn(wanted: str, sentences: Sequence[Sentence], turn: range) -> list[FoundQuote]:
    texts = [" ".join(sentences[i].text.split()) for i in turn]
    whole = " ".join(texts)
    plain, found, at = folded(whole), [], -1
    while (at := plain.find(wanted, at + 1)) >= 0:
        end = at + len(wanted)
        if _between_words(plain, at) and _between_words(plain, end):
            found.append(_found(whole[at:end], sentences, *_sentences_at(texts, turn.start, at, end)))
    return found


def _between_words(text: str, at: int) -> bool:
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def _sentences_at(texts: Sequence[str], offset: int, start: int, end: int) -> tuple[int, int]:
    """First and last sentence that a run of characters of the turn touches."""
    position, touched = 0, []
    for i, text in enumerate(texts):
        if position < end and position + len(text) > start:
            touched.append(offset + i)
        position += len(text) + 1
    return touched[0], touched[-1]


def _found(text: str, sentences: Sequence[Sentence], first: int, last: int) -> FoundQuote:
    begin, stop = sentences[first], sentences[last]
    return FoundQuote(text=text, first=first, last=last, speaker=begin.speaker, start=begin.start, end=stop.end)
