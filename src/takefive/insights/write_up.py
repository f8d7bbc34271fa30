"""From passages to insights: each with the line that says it best, the text around that line, its proof, topics and kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from takefive.common import minilm
from takefive.insights.clean import begun, readable
from takefive.insights.ground import FoundQuote, find_quote
from takefive.insights.headline import Line, best, lines, opening
from takefive.insights.headline_likeness import likeness, unattributed
from takefive.insights.kinds import kind
from takefive.insights.passages import MAX_SENTENCES, MAX_WORDS, leans, passage_of, ragged, standing, tied, words
from takefive.insights.topics import phrase_counts, topics
from takefive.insights.values import DraftInsight, Passage
from takefive.transcripts.content import usable
from takefive.transcripts.values import Sentence

READING = 2.5
"""Log-odds that a headline's worth counts beside the strength of its passage."""
USUAL = 0.5
"""The worth of the headline that most insights have."""
NO_LINE = 0.2
"""The worth of a passage without any honest headline: as little as the poorest line has."""
LINES = 8
"""Possible headlines of a passage that are compared by meaning."""
BESIDE = 2
"""Sentences before and after a passage, of the same turn, that it may grow by where its best line stands there."""
LEANING = 0.3
"""Log-odds that a text costs which leans on what came before it."""
CORE_WORDS = (28, 65)
"""How long the text of an insight should be; the quote behind it may be longer."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage on its way to an insight, and its possible headlines, the best reading first."""

    passage: Passage
    topics: tuple[str, ...]
    lines: list[Line]


def write_up(
    passages: Sequence[Passage],
    said: Sequence[Sentence],
    *,
    title: str = "",
    source: str = "",
) -> list[DraftInsight]:
    """The insights that passages (each with its log-odds) make, best first; no two share a sentence."""
    episode = phrase_counts([title, *(p.text for p in passages)])
    people = frozenset(name for sentence in said for name in (sentence.speaker or "").lower().split())
    fine = usable(said)
    found = []
    for passage in passages:
        about = topics(readable(passage.text), episode, people)
        found.append(_Found(passage, about, _lines(passage, said, about, fine, source)))
    headed = [
        (_grown(item.passage, line, said), line, worth)
        for item, (line, worth) in zip(found, _headlines(found, said), strict=True)
    ]
    ranked = sorted(((_order(*one, said), one) for one in headed), key=lambda pair: -pair[0])
    drafts, taken = [], set[int]()
    for log_odds, (passage, line, _) in ranked:
        draft = _draft(passage, line, log_odds, said, lambda text: topics(text, episode, people))
        if draft and taken.isdisjoint(range(passage.first, passage.last + 1)):
            taken.update(range(passage.first, passage.last + 1))
            drafts.append(draft)
    return drafts


def _lines(
    passage: Passage, said: Sequence[Sentence], about: Sequence[str], fine: Sequence[bool], source: str
) -> list[Line]:
    """The passage's possible headlines, also from the sentences beside it that it may grow by."""
    first, last = passage.first, passage.last
    while first > max(0, passage.first - BESIDE) and said[first - 1].turn == said[first].turn:
        first -= 1
    while last < min(len(said) - 1, passage.last + BESIDE) and said[last + 1].turn == said[last].turn:
        last += 1
    cleaned = [readable(sentence.text) for sentence in said[first : last + 1]]
    before = " ".join(s.text for s in said[max(0, first - 3) : first] if s.turn == said[first].turn)
    after = said[last + 1].text if last + 1 < len(said) else ""
    found = lines(cleaned, passage.speaker, topics=about, before=before, after=after)
    found = [replace(line, sentence=line.sentence + first) for line in found]
    wide = [_grown(passage, line, said) for line in found]
    fits = {span: _fits(span, fine, source) for span in set(wide) - {passage}}
    fitting = (line for line, span in zip(found, wide, strict=True) if fits.get(span, True))
    return sorted(fitting, key=lambda line: -line.reading)[:LINES]


def _fits(wide: Passage, fine: Sequence[bool], source: str) -> bool:
    short = len(words(wide.text)) <= MAX_WORDS and wide.last - wide.first < MAX_SENTENCES
    return short and all(fine[wide.first : wide.last + 1]) and bool(standing([wide], source))


def _grown(passage: Passage, line: Line, said: Sequence[Sentence]) -> Passage:
    """The passage with the sentences of a line (as it is where they are not known)."""
    if line.sentence < 0 or passage.first <= line.sentence <= line.last <= passage.last:
        return passage
    first, last = min(passage.first, line.sentence), max(passage.last, line.last)
    return replace(passage_of(said, first, last), score=passage.score)


def _headlines(found: Sequence[_Found], said: Sequence[Sentence]) -> Iterator[tuple[Line, float]]:
    """The best line of each passage and its worth; where it has none its opening, worth little."""
    texts = [item.passage.text for item in found] + [unattributed(line.text) for item in found for line in item.lines]
    vectors = minilm.quick().encode(texts, batch_size=1).astype(np.float64)
    wholes, rest = vectors[: len(found)], vectors[len(found) :]
    centre = wholes.sum(axis=0) / max(float(np.linalg.norm(wholes.sum(axis=0))), 1e-9)
    for item, whole in zip(found, wholes, strict=True):
        rows, rest = rest[: len(item.lines)], rest[len(item.lines) :]
        if item.lines:
            liked = likeness(rows, [line.signs for line in item.lines])
            yield best(item.lines, np.column_stack([rows @ whole, rows @ centre, liked]))
        else:
            yield _opened(item, said), NO_LINE


def _opened(item: _Found, said: Sequence[Sentence]) -> Line:
    """A passage without a claim: how the part of it that is shown opens, marked as cut, or who speaks on what."""
    first, last = core(item.passage, said)
    text = readable(" ".join(sentence.text for sentence in said[first : last + 1]))
    return Line(opening(text, item.passage.speaker, item.topics), ())


def _order(passage: Passage, line: Line, worth: float, said: Sequence[Sentence]) -> float:
    """The passage's log-odds with what its headline is worth, less where the text begins with something said before."""
    first, last = core(passage, said, line.sentence, line.last)
    text = " ".join(sentence.text for sentence in said[first : last + 1])
    return passage.score + READING * (max(worth, NO_LINE) - USUAL) - LEANING * (leans(text) or ragged(text))


def _draft(
    passage: Passage, line: Line, log_odds: float, said: Sequence[Sentence], about: Callable[[str], tuple[str, ...]]
) -> DraftInsight | None:
    """The insight; None where nothing readable is left or the quote cannot be found again."""
    proof: FoundQuote | None = find_quote(passage.text, said, near=passage.first)
    first, last = core(passage, said, line.sentence, line.last)
    text = begun(readable(" ".join(sentence.text for sentence in said[first : last + 1])))
    if proof is None or not text:
        return None
    return DraftInsight(
        headline=line.text,
        text=text,
        quote=proof.text,
        speaker=proof.speaker,
        start=proof.start,
        end=proof.end,
        kind=kind(text),
        topics=about(text),
        score=round(1 / (1 + exp(-log_odds)), 4),
    )


def core(passage: Passage, said: Sequence[Sentence], at: int = -1, to: int = -1) -> tuple[int, int]:
    """The part of a long passage that reads best alone: whole sentences, 28 to 65 words, not leaning on what came before.

    First and last sentence, both inclusive. The sentences `at` to `to`, where the headline stands, are in it (-1: wherever).
    """
    runs = [
        (first, last)
        for first in range(passage.first, passage.last + 1)
        for last in range(first, passage.last + 1)
        if CORE_WORDS[0] <= sum(len(words(s.text)) for s in said[first : last + 1]) <= CORE_WORDS[1]
        and (at < 0 or first <= at <= max(at, to) <= last)
    ]
    if len(words(passage.text)) <= CORE_WORDS[1]:
        runs.append((passage.first, passage.last))
    if not runs:
        return passage.first, passage.last

    def reads(run: tuple[int, int]) -> int:
        text = " ".join(s.text for s in said[run[0] : run[1] + 1])
        inside = 40 * (leans(text) or ragged(text)) + 15 * tied(text)
        return len(words(text)) - inside - 10 * text.rstrip().endswith("?") - 10 * text.rstrip().endswith(("…", "..."))

    return max(runs, key=reads)
