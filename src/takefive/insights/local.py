"""The local engine: from a transcript to insights, offline, by models shipped with the package.

sentences -> every passage of one speaker -> the strongest, apart from each other (linear model over words and signs)
          -> read again by a sentence-vector model -> the best, spread over the episode -> headline, text, topics, kind
          -> each quote found again in the transcript, or dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from math import exp
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from takefive.common import minilm
from takefive.insights import ads, choose, reader, scorer
from takefive.insights.clean import readable
from takefive.insights.ground import FoundQuote, find_quote, folded
from takefive.insights.headline import Line, best, lines, opening
from takefive.insights.kinds import kind
from takefive.insights.lexicon import LEANING as LEANING_WORDS
from takefive.insights.lexicon import OPENERS
from takefive.insights.passages import candidates, words
from takefive.insights.topics import phrase_counts, topics
from takefive.insights.values import DraftInsight, Passage
from takefive.transcripts.sentences import sentences as split
from takefive.transcripts.values import Sentence, TimedText

ENGINE = "takefive-local 1"
"""Name and version of engine and models, kept with each insight."""

SPARE = 6
"""Passages written up beyond those asked for, so that one without a line that reads well can step back."""
READS_WELL = 9.0
"""The worth of a headline that needs no excuse; each point below costs `READING` log-odds, ten points at most."""
NO_LINE = 0.0
"""The worth of a passage without any honest headline."""
LINES = 3
"""Possible headlines of a passage that are compared by meaning."""
USUAL = np.array([[0.6, 0.45]])
"""The usual likeness of a line to its passage and its episode: nothing is spent on measuring where there is no choice."""
READING = 0.08
SPOTS = 32
"""Passages that the second model reads."""
LEANING = 6.0
"""What a passage loses that opens with an "it", "that" or "they" of the sentence before."""
CORE_WORDS = (35, 65)
"""How long the text of an insight should be; the quote behind it may be longer."""
FIRST_SPREAD = 25.0
"""Brings the scores of the first pass to the scale of log-odds."""
NEAR = 0.15
ALIKE = 0.3


class Embedder(Protocol):
    """Sentence vectors of length 1, as `takefive.common.minilm` gives them."""

    def encode(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """Shape (len(texts), dimensions)."""


def extract(
    text: TimedText, *, top: int = 12, title: str = "", embedder: Embedder | None = None, source: str = ""
) -> list[DraftInsight]:
    """At most `top` insights of an episode, best first; [] where nothing is worth it. Same input, same output.

    `title` helps to tell what the episode is about. `embedder` compares the passages by meaning, else by their words.
    `source` is the transcript file as published: passages that stand in it in one piece go first.
    """
    said = split(text)
    chosen = picked(said, top=top + SPARE, embedder=embedder, source=source)
    return _drafts(chosen, said, title, embedder)[:top]


def picked(
    said: Sequence[Sentence],
    *,
    top: int = 12,
    first_pass: scorer.Scorer | None = None,
    second_pass: bool = True,
    embedder: Embedder | None = None,
    source: str = "",
) -> list[Passage]:
    """The passages that stand for an episode, best first, each with its log-odds.

    `first_pass`: another scorer than the shipped one; `second_pass`: False leaves it at that, and the scores are its own.
    """
    passages = _unbroken(_usable(candidates(said), said), source)
    if not passages or top < 1:
        return []
    scores = (first_pass or scorer.load()).sentences(said)
    strengths = scorer.passage_scores(passages, said, scores) - LEANING * np.array(
        [leans(p.text) or ragged(p.text) for p in passages]
    )
    spots = choose.apart(passages, strengths, max(SPOTS, 2 * top))
    chosen, strengths = [passages[i] for i in spots], strengths[spots]
    strengths = reader.load().log_odds([p.text for p in chosen], strengths) if second_pass else strengths / FIRST_SPREAD
    places = np.array([passage.first for passage in chosen], dtype=np.float64)
    order = choose.spread(strengths, places, _likeness(chosen, embedder), top, near=NEAR, alike=ALIKE)
    return [replace(chosen[i], score=float(strengths[i])) for i in order]


def _usable(passages: Sequence[Passage], said: Sequence[Sentence]) -> list[Passage]:
    fine = ads.content(said)
    return [p for p in passages if all(fine[p.first : p.last + 1])]


def _unbroken(passages: list[Passage], source: str) -> list[Passage]:
    """Those that stand in the file in one piece, unless it is a format that breaks every passage (subtitles)."""
    if not source:
        return passages
    whole = folded(unescape(source))
    standing = [p for p in passages if folded(p.text) in whole]
    return standing if len(standing) > len(passages) / 3 else passages


def leans(text: str) -> bool:
    """Whether the first words point to a sentence before: "And so that was why ..."."""
    row = [word for word in words(text)[:5] if word not in OPENERS]
    return bool(row) and row[0] in LEANING_WORDS


def ragged(text: str) -> bool:
    """Whether a text begins or ends inside a thought: an ellipsis or a small letter in front, half a quotation."""
    text = text.strip()
    return text[:1] in ("…", ".") or text[:1].islower() or sum(c in '"“”' for c in text) % 2 == 1


def _likeness(passages: Sequence[Passage], embedder: Embedder | None) -> NDArray[np.float64]:
    """Cosines between passages, shape (n, n): by vectors where there is an embedder, else by their words."""
    if embedder is not None:
        vectors = embedder.encode([p.text for p in passages]).astype(np.float64)
        return np.asarray(vectors @ vectors.T)
    rows = [{w for w in words(p.text) if len(w) > 3} for p in passages]
    return np.array([[len(a & b) / max((len(a) * len(b)) ** 0.5, 1.0) for b in rows] for a in rows])


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage on its way to an insight: its proof, its text, its topics and its possible headlines."""

    passage: Passage
    proof: FoundQuote
    text: str
    topics: tuple[str, ...]
    lines: list[Line]


def _drafts(
    passages: Sequence[Passage], said: Sequence[Sentence], title: str, embedder: Embedder | None
) -> list[DraftInsight]:
    episode = phrase_counts([title, *(p.text for p in passages)])
    people = frozenset(name for sentence in said for name in (sentence.speaker or "").lower().split())
    found = [item for passage in passages if (item := _found(passage, said, episode, people))]
    if not found:
        return []
    return sorted(
        (_draft(item, line, worth) for item, (line, worth) in zip(found, _headlines(found, embedder), strict=True)),
        key=lambda draft: -draft.score,
    )


def _found(passage: Passage, said: Sequence[Sentence], episode: Counter[str], people: frozenset[str]) -> _Found | None:
    proof = find_quote(passage.text, said, near=passage.first)
    first, last = core(passage, said)
    text = readable(" ".join(sentence.text for sentence in said[first : last + 1]))
    if proof is None or not text:
        return None
    about = topics(text, episode, people)
    around = (said[i].text if 0 <= i < len(said) else "" for i in (first - 1, last + 1))
    found = lines(text, proof.speaker, topics=about, before=next(around), after=next(around))
    found = sorted(found, key=lambda line: -line.reading)[:LINES]
    return _Found(passage, proof, text, about, found)


def _headlines(found: Sequence[_Found], embedder: Embedder | None) -> list[tuple[Line, float]]:
    """The best line of each passage and its worth; where it has none its opening, marked as cut, worth nothing."""
    unsure = [item for item in found if len(item.lines) > 1]
    model = embedder or minilm.load()
    texts = [item.text for item in unsure] + [line.text for item in unsure for line in item.lines]
    vectors = model.encode(texts).astype(np.float64) if texts else np.zeros((0, 1))
    wholes, rows = vectors[: len(unsure)], iter(vectors[len(unsure) :])
    centre = wholes.sum(axis=0) / max(float(np.linalg.norm(wholes.sum(axis=0))), 1e-9)
    means = {
        item.passage: np.array([(row @ whole, row @ centre) for _, row in zip(item.lines, rows, strict=False)])
        for item, whole in zip(unsure, wholes, strict=True)
    }
    return [
        best(item.lines, means.get(item.passage, USUAL)) if item.lines else (Line(_opening(item), ()), NO_LINE)
        for item in found
    ]


def _opening(item: _Found) -> str:
    return opening(item.text, item.proof.speaker, item.topics)


def _draft(item: _Found, line: Line, worth: float) -> DraftInsight:
    """The insight; its score is the passage's log-odds less what a weak headline costs."""
    order = item.passage.score - READING * min(max(READS_WELL - worth, 0.0), 10.0)
    return DraftInsight(
        headline=line.text,
        text=item.text,
        quote=item.proof.text,
        speaker=item.proof.speaker,
        start=item.proof.start,
        end=item.proof.end,
        kind=kind(item.text),
        topics=item.topics,
        score=round(1 / (1 + exp(-order)), 4),
    )


def core(passage: Passage, said: Sequence[Sentence]) -> tuple[int, int]:
    """The part of a long passage that reads best alone: whole sentences, 35 to 65 words, not leaning on what came before.

    First and last sentence, both inclusive.
    """
    runs = [
        (first, last)
        for first in range(passage.first, passage.last + 1)
        for last in range(first, passage.last + 1)
        if CORE_WORDS[0] <= sum(len(words(s.text)) for s in said[first : last + 1]) <= CORE_WORDS[1]
    ]
    if not runs or len(words(passage.text)) <= CORE_WORDS[1]:
        return passage.first, passage.last

    def reads(run: tuple[int, int]) -> int:
        text = " ".join(s.text for s in said[run[0] : run[1] + 1])
        return len(words(text)) - 30 * (leans(text) or ragged(text)) - 10 * text.rstrip().endswith("?")

    return max(runs, key=reads)
