"""The local engine: from a transcript to insights, offline, by models shipped with the package.

sentences -> every passage of one speaker -> the strongest, apart from each other (linear model over words and signs)
          -> read again by a sentence-vector model -> the best, spread over the episode -> headline, text, topics, kind
          -> each quote found again in the transcript, or dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from math import exp, log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from takefive.insights import ads, choose, reader, scorer
from takefive.insights.clean import readable
from takefive.insights.ground import find_quote, folded
from takefive.insights.headline import headline
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
READS_WELL = 3.0
"""The score of a headline that needs no excuse; each point below costs `READING` log-odds, six points at most."""
READING = 0.2
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
    return _drafts(chosen, said, title)[:top]


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
    strengths = scorer.passage_scores(passages, said, scores) - LEANING * np.array([leans(p.text) for p in passages])
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


def _likeness(passages: Sequence[Passage], embedder: Embedder | None) -> NDArray[np.float64]:
    """Cosines between passages, shape (n, n): by vectors where there is an embedder, else by their words."""
    if embedder is not None:
        vectors = embedder.encode([p.text for p in passages]).astype(np.float64)
        return np.asarray(vectors @ vectors.T)
    rows = [{w for w in words(p.text) if len(w) > 3} for p in passages]
    return np.array([[len(a & b) / max((len(a) * len(b)) ** 0.5, 1.0) for b in rows] for a in rows])


def _drafts(passages: Sequence[Passage], said: Sequence[Sentence], title: str) -> list[DraftInsight]:
    rarity = _rarity(said)
    episode = phrase_counts([title, *(p.text for p in passages)])
    found = [_draft(passage, said, rarity, episode) for passage in passages]
    ranked = sorted((pair for pair in found if pair is not None), key=lambda pair: -pair[0])
    return [draft for _, draft in ranked]


def _draft(
    passage: Passage, said: Sequence[Sentence], rarity: dict[str, float], episode: Counter[str]
) -> tuple[float, DraftInsight] | None:
    """The insight and its place in the order: the passage's log-odds, less what a weak headline costs."""
    proof = find_quote(passage.text, said, near=passage.first)
    text = readable(core(passage, said))
    if proof is None or not text:
        return None
    about = topics(text, episode)
    line = headline(text, proof.speaker, weight=lambda word: rarity.get(word, 1.0), topics=about)
    order = passage.score - READING * min(max(READS_WELL - line.score, 0.0), 6.0)
    draft = DraftInsight(
        headline=line.text,
        text=text,
        quote=proof.text,
        speaker=proof.speaker,
        start=proof.start,
        end=proof.end,
        kind=kind(text),
        topics=about,
        score=round(1 / (1 + exp(-order)), 4),
    )
    return order, draft


def core(passage: Passage, said: Sequence[Sentence]) -> str:
    """The part of a long passage that reads best alone: whole sentences, 35 to 65 words, not leaning on what came before."""
    runs = [
        (first, last)
        for first in range(passage.first, passage.last + 1)
        for last in range(first, passage.last + 1)
        if CORE_WORDS[0] <= sum(len(words(s.text)) for s in said[first : last + 1]) <= CORE_WORDS[1]
    ]
    if not runs or len(words(passage.text)) <= CORE_WORDS[1]:
        return passage.text
    texts = [" ".join(s.text for s in said[first : last + 1]) for first, last in runs]
    return max(texts, key=lambda text: len(words(text)) - 30 * leans(text) - 10 * text.rstrip().endswith("?"))


def _rarity(said: Sequence[Sentence]) -> dict[str, float]:
    """How much each word tells within this episode: 0 for a word of every sentence, 1 for one said once."""
    heard = Counter(word for sentence in said for word in set(words(sentence.text)))
    most = log(len(said) + 1)
    return {word: log((len(said) + 1) / count) / most for word, count in heard.items()}
