"""Fit the first pass: logistic regression on whether a sentence belongs to a reference insight, stronger ones weighing more."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from takefive.insights.scorer import BUCKETS, GRAM_SCALE, Scorer, buckets, standardised
from takefive.insights.signs import NAMES, sentence_signs
from takefive.insights.training.gold import GoldEpisode
from takefive.insights.wholes import Heard
from takefive.transcripts.values import Sentence

REGULARISATION = 0.08
"""C of the logistic regression; 0.03, 0.08, 0.1 and 0.3 were compared by cross-validation (average precision)."""
MEAN_STRENGTH = 3.5


@dataclass(frozen=True, slots=True)
class Inputs:
    """Words and signs of an episode's sentences, so that several fits count them once."""

    grams: csr_matrix
    signs: NDArray[np.float32]


def prepared(episode: GoldEpisode) -> Inputs:
    """What a sentence model learns from."""
    return Inputs(_grams(episode.sentences), sentence_signs(episode.sentences))


def heard(model: Scorer, episode: GoldEpisode, inputs: Inputs) -> Heard:
    """An episode as a sentence model hears it."""
    return model.weighed(episode.sentences, inputs.signs, inputs.grams @ model.grams.astype(np.float64))


def fit(episodes: Sequence[GoldEpisode], inputs: Sequence[Inputs]) -> Scorer:
    """A scorer trained on these episodes. Deterministic."""
    signs = np.vstack([row.signs for row in inputs])
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + np.float32(1e-6)
    columns = hstack([vstack([row.grams for row in inputs]), csr_matrix(standardised(signs, mean, spread))]).tocsr()
    targets = np.concatenate([episode.targets for episode in episodes])
    weights = np.where(targets > 0, targets / MEAN_STRENGTH, 1.0)
    model = LogisticRegression(C=REGULARISATION, max_iter=200, tol=1e-3)
    model.fit(columns, targets > 0, sample_weight=weights)
    found = model.coef_[0]
    return Scorer(
        found[:BUCKETS].astype(np.float16).astype(np.float32), found[BUCKETS:].astype(np.float32), mean, spread
    )


def as_file(scorer: Scorer) -> bytes:
    """The scorer as the bytes of its file; word weights as float16."""
    out = io.BytesIO()
    np.savez_compressed(
        out,
        grams=scorer.grams.astype(np.float16),
        signs=scorer.signs,
        mean=scorer.mean,
        spread=scorer.spread,
        names=np.array(NAMES),
        **{f"whole_{name}": getattr(scorer.whole, name) for name in ("weights", "mean", "spread")},
    )
    return out.getvalue()


def _grams(sentences: Sequence[Sentence]) -> csr_matrix:
    rows = [buckets(sentence.text) for sentence in sentences]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    values = np.concatenate([np.full(len(row), GRAM_SCALE / np.sqrt(max(len(row), 1)), np.float32) for row in rows])
    return csr_matrix((values, np.concatenate(rows).astype(np.int64), ends), shape=(len(rows), BUCKETS))
