"""What feedback teaches: points and shows a reader wants more or less of, and what each signal is worth to them.

The worth of an insight is taken as linear in its signals; the belief about the weights is a Gaussian that starts at the
weights everyone starts with, and one set of weights is drawn from it for each brief: linear Thompson sampling (Agrawal
& Goyal, ICML 2013). A sure belief draws nearly the same weights each time, so exploring fades by itself, and `boldness`
bounds it from the first day. How probable each choice was is kept (its propensity), so that another ranker can be
judged on the same days without being run (self-normalised inverse propensity: Swaminathan & Joachims, NeurIPS 2015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.rank import DEFAULT_WEIGHTS, Weights
from takefive.briefs.signals import NAMES
from takefive.briefs.tired import but_followed, tired_of
from takefive.briefs.values import Feedback as Feedback
from takefive.briefs.values import Profile, Signal

Reals = NDArray[np.float64]

REWARDS: Mapping[Signal, float] = {"save": 1.0, "more": 1.0, "play": 0.7, "open": 0.4, "skip": 0.0, "less": -1.0}
LIKED_FROM = 0.7
MOST_REMEMBERED = 200  # of each kind, the latest
MOST_WEIGHED = 2_000  # answers, the latest: more than a year of them
DOUBT = 3.0  # a podcast's standing is as if it had been met three times before, neither liked nor disliked
SURENESS = 30.0  # the common weights count as much as thirty answers
BOLDNESS = 0.3


@dataclass(frozen=True, slots=True)
class Belief:
    """A Gaussian over the weights: `mean` is (p,), `precision` (p, p), in the order of NAMES."""

    mean: Reals
    precision: Reals


def remember(profile: Profile, history: Sequence[Feedback]) -> Profile:
    """The profile with what the reader's `history` (oldest first) shows of points and podcasts."""
    liked = [f for f in history if REWARDS[f.signal] >= LIKED_FROM][-MOST_REMEMBERED:]
    less = [f for f in history if f.signal == "less"][-MOST_REMEMBERED:]
    return replace(
        profile,
        liked_vectors=np.stack([f.vector for f in liked]) if liked else None,
        liked_texts=tuple(f.text for f in liked if f.text),
        tired=but_followed(tired_of(less, liked), profile),
        standing=_standing(history),
    )


def believe(history: Sequence[Feedback], weights: Weights = DEFAULT_WEIGHTS, sureness: float = SURENESS) -> Belief:
    """The belief about a reader's weights after their history: Bayesian linear regression from the common weights."""
    history = history[-MOST_WEIGHED:]
    signals = np.array([[f.signals.get(name, 0.0) for name in NAMES] for f in history]).reshape(-1, len(NAMES))
    rewards = np.array([REWARDS[f.signal] for f in history])
    precision = sureness * np.eye(len(NAMES)) + signals.T @ signals
    mean = np.linalg.solve(precision, sureness * weights.row() + signals.T @ rewards)
    return Belief(mean, precision)


def draw(belief: Belief, seed: Sequence[int], count: int = 1, boldness: float = BOLDNESS) -> Reals:
    """`count` sets of weights, (count, p), from the belief with its spread scaled by `boldness`; the same for a seed.

    Seed with the reader and the day: a brief made twice is then the same brief.
    """
    noise = np.random.default_rng(list(seed)).standard_normal((len(belief.mean), count))
    spread = np.linalg.solve(np.linalg.cholesky(belief.precision).T, noise)
    return belief.mean + boldness * spread.T


def as_weights(row: Reals) -> Weights:
    """Weights from (p,). The sign of "against" is kept: no draw makes a reader's dislike a liking."""
    values = dict(zip(NAMES, row.tolist(), strict=True))
    return Weights(**values | {"against": min(values["against"], 0.0)})


def estimate(rewards: Reals, shown: Reals, wanted: Reals, most: float = 20.0) -> float:
    """The mean reward another ranker would have had on these choices, self-normalised inverse propensity.

    `shown` and `wanted` are the propensities (n,) under the ranker that chose and under the other; their ratio is cut
    at `most`. 0.0 without choices.
    """
    ratios = np.minimum(wanted / shown, most)
    return float(ratios @ rewards / ratios.sum()) if ratios.sum() else 0.0


def _standing(history: Sequence[Feedback]) -> dict[int, float]:
    """Each podcast's mean reward, drawn towards 0 where it was met seldom; -1 to 1."""
    rewards: dict[int, list[float]] = {}
    for feedback in history:
        rewards.setdefault(feedback.podcast, []).append(REWARDS[feedback.signal])
    return {podcast: sum(got) / (len(got) + DOUBT) for podcast, got in rewards.items()}
