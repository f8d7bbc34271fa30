"""Fits the second half of the first pass: what a passage is worth as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from takefive.insights.local import open_passages
from takefive.insights.scorer import Scorer, leanings, passage_scores
from takefive.insights.training import linear
from takefive.insights.training.gold import GoldEpisode
from takefive.insights.training.measure import LONGEST, plain_words
from takefive.insights.values import Passage
from takefive.insights.wholes import Whole, passage_signs, scaled

REGULARISATION = 0.002
HITS, OTHERS = 150, 400
"""Passages of an episode to learn from at most: those that hit a reference, and those that do not."""
FOLDS = 5

Rows = tuple[NDArray[np.float32], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Example:
    """An episode to learn from, its sentences counted; some of its passages with the strength of what each hits (0: nothing)."""

    episode: GoldEpisode
    inputs: linear.Inputs
    passages: list[Passage]
    strengths: NDArray[np.float64]


def example(episode: GoldEpisode) -> Example:
    """What is the same for every fit."""
    passages = open_passages(episode.sentences, episode.source)
    strengths = hits(episode, passages)
    dice = np.random.default_rng(len(passages))
    both = [(np.flatnonzero(strengths > 0), HITS), (np.flatnonzero(strengths == 0), OTHERS)]
    rows = np.concatenate([dice.permutation(some)[:most] for some, most in both])
    return Example(episode, linear.prepared(episode), [passages[row] for row in rows], strengths[rows])


def fit(examples: Sequence[Example]) -> Scorer:
    """The whole first pass: a sentence model, and a passage model learned from what sentence models say that have not seen
    the episode (five folds). Deterministic."""
    found: list[Rows] = []
    for fold in range(FOLDS):
        rest = examples[fold::FOLDS]
        learn = [one for at, one in enumerate(examples) if at % FOLDS != fold]
        if learn and rest:
            model = _sentences(learn)
            found += [_rows(one, model) for one in rest]
    return replace(_sentences(examples), whole=_whole(found))


def _sentences(examples: Sequence[Example]) -> Scorer:
    return linear.fit([one.episode for one in examples], [one.inputs for one in examples])


def _rows(one: Example, model: Scorer) -> Rows:
    heard = linear.heard(model, one.episode, one.inputs)
    sums = passage_scores(one.passages, heard)
    return passage_signs(one.passages, sums, leanings(one.passages), heard), one.strengths


def _whole(found: Sequence[Rows]) -> Whole:
    rows, strengths = np.vstack([row for row, _ in found]), np.concatenate([strength for _, strength in found])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + np.float32(1e-6)
    weights = np.where(strengths > 0, strengths / linear.MEAN_STRENGTH, 1.0)
    model = LogisticRegression(C=REGULARISATION, max_iter=300)
    model.fit(scaled(rows, mean, spread), strengths > 0, sample_weight=weights)
    return Whole(np.append(model.coef_[0], model.intercept_).astype(np.float32), mean, spread)


def hits(episode: GoldEpisode, passages: Sequence[Passage]) -> NDArray[np.float64]:
    """For each passage the strength of the strongest reference that it shares at least half of the shorter one with, else 0."""
    ends = np.cumsum([0, *(len(plain_words(sentence.text)) for sentence in episode.sentences)])
    start = ends[[passage.first for passage in passages]]
    end = np.minimum(ends[[passage.last + 1 for passage in passages]], start + LONGEST)
    best = np.zeros(len(passages))
    for (first, last), strength in episode.references_in_sentences:
        shared = np.minimum(end, last) - np.maximum(start, first)
        hit = 2 * shared >= np.maximum(1, np.minimum(end - start, last - first))
        best[hit] = np.maximum(best[hit], strength)
    return best
