"""What others would pick: TextRank and LexRank (sumy), the lead, and chance, over the same passages as the engine's.

Needs sumy (group `peers`). The summarisers rate our sentences; a passage is worth the mean of its sentences.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as Rated
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

from takefive.insights import choose, local
from takefive.insights.passages import candidates, words
from takefive.insights.training.measure import Span, plain_words
from takefive.insights.values import Passage
from takefive.transcripts.values import Sentence

LANGUAGE = "english"
FEWEST = 35
"""Words of a baseline's passage: nearer to a reference's length than the shortest candidate."""

Picker = Callable[[Sequence[Sentence], int], list[Passage]]


class _Words:
    """The tokenizer that sumy wants, without the data that its own must download."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(words(sentence))


class _TextRank(TextRankSummarizer):
    def _get_best_sentences(self, sentences, count, rating):  # type: ignore[no-untyped-def]
        return [rating[sentence] for sentence in sentences]


class _LexRank(LexRankSummarizer):
    def _get_best_sentences(self, sentences, count, rating):  # type: ignore[no-untyped-def]
        return [rating[sentence] for sentence in sentences]


def textrank(said: Sequence[Sentence], top: int = 12) -> list[Passage]:
    """Mihalcea & Tarau 2004."""
    return _best(said, _ranks(_TextRank, said), top)


def lexrank(said: Sequence[Sentence], top: int = 12) -> list[Passage]:
    """Erkan & Radev 2004."""
    return _best(said, _ranks(_LexRank, said), top)


def lead(said: Sequence[Sentence], top: int = 12) -> list[Passage]:
    """What is said first."""
    return _best(said, -np.arange(len(said), dtype=np.float64), top)


def chance(said: Sequence[Sentence], top: int = 12) -> list[Passage]:
    """Drawn at random, the same draw each time."""
    dice = random.Random(len(said))
    return _best(said, np.array([dice.random() for _ in said]), top)


BASELINES: dict[str, Picker] = {"TextRank (sumy)": textrank, "LexRank (sumy)": lexrank, "lead": lead, "chance": chance}


def _ranks(kind: type[TextRankSummarizer] | type[LexRankSummarizer], said: Sequence[Sentence]) -> np.ndarray:
    summarise = kind(Stemmer(LANGUAGE))
    summarise.stop_words = get_stop_words(LANGUAGE)
    sentences = [Rated(sentence.text, _Words()) for sentence in said if words(sentence.text)]
    rated = iter(summarise(ObjectDocumentModel([Paragraph(sentences)]), len(sentences)))
    return np.array([next(rated) if words(sentence.text) else 0.0 for sentence in said])


def _best(said: Sequence[Sentence], ranks: np.ndarray, top: int) -> list[Passage]:
    passages = [p for p in candidates(said) if len(words(p.text)) >= FEWEST]
    scores = np.array([ranks[p.first : p.last + 1].mean() for p in passages])
    return [passages[i] for i in choose.apart(passages, scores, top)]


def engine(said: Sequence[Sentence], top: int = 12) -> list[Passage]:
    """The passages that the shipped engine would write up, headlines not counted."""
    return local.picked(said, top=top)


def word_spans(said: Sequence[Sentence], passages: Sequence[Passage]) -> list[Span]:
    """First and next-after-last word of each passage, in the words of all sentences."""
    ends = np.cumsum([0, *(len(plain_words(sentence.text)) for sentence in said)])
    return [(int(ends[p.first]), int(ends[p.last + 1])) for p in passages]
