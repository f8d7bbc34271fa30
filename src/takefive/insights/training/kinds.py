"""Fit the kinds: multinomial logistic regression on the quotes of the reference insights."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from takefive.insights.kinds import BUCKETS, KINDS, SCALE, buckets

REGULARISATION = 0.4
"""C of the logistic regression; 0.05, 0.15 and 0.4 were compared by cross-validation."""

Example = tuple[str, str]


def fit(examples: Sequence[Example]) -> LogisticRegression:
    """A model of (quote, kind) examples. Deterministic."""
    return LogisticRegression(C=REGULARISATION, max_iter=300).fit(_inputs(examples), [kind for _, kind in examples])


def agreement(model: LogisticRegression, examples: Sequence[Example]) -> float:
    """The share of examples whose kind the model gives."""
    found = model.predict(_inputs(examples)) == np.array([kind for _, kind in examples])
    return float(found.mean())


def as_file(model: LogisticRegression) -> bytes:
    """The weights as the bytes of their file, kinds in the order of `KINDS`; a kind never seen is never given."""
    weights, offsets = np.zeros((BUCKETS, len(KINDS)), np.float16), np.full(len(KINDS), -1e4, np.float32)
    of_two = len(model.classes_) == 2  # scikit-learn then keeps one row, that of the second class against the first
    rows = np.vstack([-model.coef_, model.coef_]) / 2 if of_two else model.coef_
    constants = np.concatenate([-model.intercept_, model.intercept_]) / 2 if of_two else model.intercept_
    for column, kind in enumerate(model.classes_):
        weights[:, KINDS.index(kind)] = rows[column]
        offsets[KINDS.index(kind)] = constants[column]
    out = io.BytesIO()
    np.savez_compressed(out, weights=weights, offsets=offsets)
    return out.getvalue()


def _inputs(examples: Sequence[Example]) -> csr_matrix:
    rows = [buckets(text) for text, _ in examples]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    values = np.concatenate([np.full(len(row), SCALE / np.sqrt(max(len(row), 1)), np.float32) for row in rows])
    return csr_matrix((values, np.concatenate(rows).astype(np.int64), ends), shape=(len(rows), BUCKETS))
