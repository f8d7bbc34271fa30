"""What a language model is shown: the episode in parts that fit its context, each with the local engine's passages in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from takefive.common.errors import LanguageModelError
from takefive.common.llm import tokens
from takefive.insights.ground import find_quote
from takefive.insights.values import DraftInsight
from takefive.transcripts.values import Sentence

LABEL = 16
"""Tokens beside its words that a turn or a passage costs at most: a name, a number, marks."""
SMALLEST = 500
"""Tokens of material below which asking is of no use."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An insight of the local engine, offered under a number; `first` to `last` are the sentences of its quote."""

    number: int
    draft: DraftInsight
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences `first` to `last` (inclusive) of an episode, and the proposals that begin there."""

    first: int
    last: int
    proposals: tuple[Proposal, ...]


def proposals(drafts: Sequence[DraftInsight], said: Sequence[Sentence]) -> list[Proposal]:
    """The local engine's insights with their places, numbered from 1, best first."""
    places = [find_quote(draft.quote, said, near=_sentence_at(draft.start, said)) for draft in drafts]
    found = [(draft, place) for draft, place in zip(drafts, places, strict=True) if place]
    return [Proposal(n, draft, place.first, place.last) for n, (draft, place) in enumerate(found, 1)]


def parts(said: Sequence[Sentence], offered: Sequence[Proposal], room: int) -> list[Part]:
    """The whole episode in as few parts as `room` tokens each allow, about equal, in order. Nothing is left out.

    Raises LanguageModelError where a part could hold nothing worth reading.
    """
    costs = [tokens(sentence.text) + (LABEL if _begins_turn(said, i) else 0) for i, sentence in enumerate(said)]
    for one in offered:
        costs[one.first] += tokens(one.draft.quote) + LABEL
    if room < max(SMALLEST, max(costs, default=0)):
        raise LanguageModelError(f"a context with room for {max(room, 0)} tokens is too small for this", retry=False)
    even = sum(costs) / ceil(max(sum(costs), 1) / room)
    return [
        Part(first, last, tuple(one for one in offered if first <= one.first <= last))
        for first, last in _packed(costs, room, even)
    ]


def _packed(costs: Sequence[int], room: int, even: float) -> Iterator[tuple[int, int]]:
    """Runs of sentences of about `even` tokens, never over `room`."""
    first, load = 0, 0
    for i, cost in enumerate(costs):
        if load and (load + cost > room or load >= even):
            yield first, i - 1
            first, load = i, 0
        load += cost
    if costs:
        yield first, len(costs) - 1


def shown(part: Part, said: Sequence[Sentence]) -> str:
    """A part as the model reads it: one line for each turn with its speaker, then the numbered passages."""
    listed = "\n".join(f"{one.number}. {one.draft.quote}" for one in part.proposals)
    return f"TRANSCRIPT\n\n{talk(said, part.first, part.last)}\n\nPASSAGES\n\n{listed or 'none'}"


def talk(said: Sequence[Sentence], first: int, last: int) -> str:
    """Sentences `first` to `last` (inclusive, clipped to what there is), a line for each turn."""
    run = said[max(first, 0) : last + 1]
    lines = []
    for _, group in groupby(run, key=lambda sentence: sentence.turn):
        turn = list(group)
        lines.append(f"{turn[0].speaker or 'Someone'}: {' '.join(sentence.text for sentence in turn)}")
    return "\n".join(lines)


def _begins_turn(said: Sequence[Sentence], i: int) -> bool:
    return i == 0 or said[i].turn != said[i - 1].turn


def _sentence_at(start: float | None, said: Sequence[Sentence]) -> int | None:
    """The sentence that begins at a second, so that of words said twice the right ones are meant."""
    return next((i for i, sentence in enumerate(said) if start is not None and sentence.start == start), None)
