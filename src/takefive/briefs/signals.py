"""What can be said about each candidate for one reader, as numbers from 0 to 1, by numpy matrix products.

They are the usual ones of content-based news recommendation (Lops, de Gemmis & Semeraro 2011): nearness to what the
reader asked for and liked, quality, recency, novelty, and the standing of the source with the reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.pool import Background, Floats, Pool
from takefive.briefs.product import Product, on_cpu
from takefive.briefs.tired import press
from takefive.briefs.values import Profile, Vector

NAMES = (
    "relevance", "liked", "words", "strength", "freshness", "novelty", "voices", "followed", "standing", "against"
)  # fmt: skip

# Cosines of all-MiniLM-L6-v2 between a phrase and an insight: 0.14 is the 75th percentile of unrelated pairs, 0.34
# the 99th; the best insight of an episode for its own topic has 0.30 to 0.58 (docs/benchmarks/briefs.md).
COSINE_NOTHING = 0.15
COSINE_ALL = 0.55
CLOSE = 0.35  # one unrelated pair in a hundred is nearer than 0.34: a reason must be true
AGAINST_FROM = 0.25
POINT_NOTHING, POINT_ALL = 0.40, 0.65  # between two insights: 99 % of unrelated pairs; hardly two words apart
MOST_AT_ONCE = 4_096  # vectors of readers in one product: a thousand readers' or fewer, 80 MB beside 5,000 insights
WORDS_ALL = 0.25  # of the weight of words, on the mean over what was liked: more is rare


@dataclass(frozen=True, slots=True)
class Asking:
    """A reader as the pool is asked for them: `interests` is (k, d), `not_interests` (m, d), rows of length 1, or None."""

    profile: Profile
    interests: Vector | None = None
    not_interests: Vector | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """The products of each row of a pool with one reader's vectors: (k, n), (m, n), with what they are tired of (t, n), and,
    towards what was liked, (1, n). `sent` (n,) is the nearness to the points already sent, where it is known.
    """

    interests: Floats
    not_interests: Floats
    tired: Floats
    liked: Floats
    towards: Floats
    sent: Floats | None = None


@dataclass(frozen=True, slots=True)
class Signals:
    """`values` is (n, p), columns as in NAMES. `interest` (n,) is the nearest interest, None without interests.

    `cosine` (n,) is the nearness to that interest, `repeats` (n,) to the most similar point already sent; `muted` (n,) says
    of what the reader has had enough.
    """

    values: Floats
    interest: NDArray[np.intp] | None
    cosine: Floats
    repeats: Floats
    muted: NDArray[np.bool_]

    def only(self, rows: NDArray[np.intp]) -> Signals:
        """The same of these rows alone."""
        interest = None if self.interest is None else self.interest[rows]
        return Signals(self.values[rows], interest, self.cosine[rows], self.repeats[rows], self.muted[rows])


def nearness(pool: Pool, readers: Sequence[Asking], product: Product = on_cpu) -> Iterator[Near]:
    """For each reader in turn the products with the pool, made by one matrix product for as many as fit into it."""
    asked = [_asked(pool, reader) for reader in readers]
    sizes = [sum(map(len, vectors)) for vectors in asked]
    done = 0
    while done < len(asked):
        fit = max(1, int(np.searchsorted(np.cumsum(sizes[done:]), MOST_AT_ONCE, side="right")))
        products = product(np.concatenate([v for vectors in asked[done : done + fit] for v in vectors]), pool.vectors)
        ends = np.cumsum([len(v) for vectors in asked[done : done + fit] for v in vectors])
        parts = iter(np.split(products, ends[:-1]))
        for _ in range(fit):
            interests, not_interests, tired, liked, way = (next(parts) for _ in range(5))
            yield Near(interests, not_interests, tired, liked, way)
        done += fit


def signals(pool: Pool, asking: Asking, near: Near | None = None) -> Signals:
    """The signals of a pool for one reader, but for what they were sent (`with_sent`). `near` is found here if not given."""
    near = next(nearness(pool, [asking])) if near is None else near
    profile, cosine = asking.profile, _highest(near.interests)
    nothing = np.zeros(len(pool.candidates), dtype=np.float32)
    pressed = press(pool, profile, near.tired, near.liked)
    columns = {
        "relevance": scaled(cosine),
        "liked": _liked(pool, profile.liked_vectors, near.towards),
        "words": _words(pool, profile.liked_texts),
        "strength": pool.strength,
        "freshness": pool.freshness,
        "novelty": nothing + 1,
        "voices": pool.voices,
        "followed": _followed(pool, profile),
        "standing": _standing(pool, profile),
        "against": np.maximum(scaled(_highest(near.not_interests), nothing=AGAINST_FROM), pressed.share),
    }
    values = np.stack([columns[name] for name in NAMES], axis=1)
    nearest = near.interests.argmax(axis=0) if len(near.interests) else None
    return Signals(values, nearest, cosine, nothing, pressed.muted)


def with_sent(told: Signals, pool: Pool, sent: Vector | None, repeats: Floats | None = None) -> Signals:
    """The same with what each row repeats of the points already sent, (s, d); `repeats` (n,) where that is known."""
    repeats = _highest(_products(sent, pool)) if repeats is None else repeats
    values = told.values.copy()
    values[:, NAMES.index("novelty")] = 1 - scaled(repeats, POINT_NOTHING, POINT_ALL)
    return replace(told, values=values, repeats=repeats)


def scaled(cosines: Floats, nothing: float = COSINE_NOTHING, everything: float = COSINE_ALL) -> Floats:
    """Cosines as shares from 0 to 1: 0 where as near as strangers are, 1 where hardly anything is nearer."""
    share: Floats = np.clip((cosines - np.float32(nothing)) / np.float32(everything - nothing), 0, 1)
    return share


def _asked(pool: Pool, reader: Asking) -> list[Vector]:
    """The vectors of one reader, each (some, d), as Near has them."""
    nobody = np.empty((0, pool.vectors.shape[1]), dtype=np.float32)
    likes, tired = reader.profile.liked_vectors, reader.profile.tired
    way = None if likes is None or not len(likes) or pool.background is None else _way(pool.background, likes)[None]
    middles = [np.stack([s.middle for s in of]) if of else None for of in (tired.subjects, tired.liked)]
    given = (reader.interests, reader.not_interests, *middles, way)
    return [nobody if vectors is None or not pool.candidates else vectors for vectors in given]


def _products(vectors: Vector | None, pool: Pool) -> Floats:
    if vectors is None or len(vectors) == 0 or not pool.candidates:
        return np.empty((0, len(pool.candidates)), dtype=np.float32)
    products: Floats = np.asarray(vectors, dtype=np.float32) @ pool.vectors.T
    return products


def _highest(products: Floats) -> Floats:
    """The largest of each column; 0 for columns without rows."""
    highest: Floats = products.max(axis=0, initial=0.0)
    return highest


def _way(background: Background, liked: Vector) -> Vector:
    """From what insights are on the whole to what was liked, (d,)."""
    way: Vector = background.inverse @ (np.asarray(liked, dtype=np.float32).mean(axis=0) - background.mean)
    return way


def _liked(pool: Pool, vectors: Vector | None, towards: Floats) -> Floats:
    """How far towards what was liked: 0 where insights are on the whole, a half where the liked ones are on the mean."""
    if vectors is None or not len(towards) or pool.background is None:
        return np.zeros(len(pool.candidates), dtype=np.float32)
    mean, way = pool.background.mean, _way(pool.background, vectors)
    whole = float(way @ (np.asarray(vectors, dtype=np.float32).mean(axis=0) - mean))
    share: Floats = np.clip((towards[0] - way @ mean) / max(2 * whole, 1e-6), 0, 1)
    return share


def _words(pool: Pool, texts: tuple[str, ...]) -> Floats:
    """How much an insight shares with what was liked by name."""
    if not texts:
        return np.zeros(len(pool.candidates), dtype=np.float32)
    share: Floats = np.clip(pool.words.likeness(texts)[pool.origin] / np.float32(WORDS_ALL), 0, 1)
    return share


def _followed(pool: Pool, profile: Profile) -> Floats:
    followed = np.isin(pool.podcast, list(profile.followed_podcasts))
    if profile.followed_topics:
        followed |= pool.on_topics(profile.followed_topics)
    if profile.followed_people:
        followed |= pool.by_people(profile.followed_people)
    return followed.astype(np.float32)


def _standing(pool: Pool, profile: Profile) -> Floats:
    """-1 (never liked) to 1 (always), 0 for a podcast of which the reader said nothing."""
    if not profile.standing:
        return np.zeros(len(pool.candidates), dtype=np.float32)
    podcasts = np.array(sorted(profile.standing), dtype=np.int64)
    shares = np.array([profile.standing[podcast] for podcast in podcasts.tolist()], dtype=np.float32)
    at = np.minimum(np.searchsorted(podcasts, pool.podcast), len(podcasts) - 1)
    return np.where(podcasts[at] == pool.podcast, shares[at], np.float32(0))
