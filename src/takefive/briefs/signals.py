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
    """The products of each row of a pool with one reader's vectors: (k, n), (m, n), (x, n) and, towards what was liked, (n,)."""

    interests: Floats
    not_interests: Floats
    disliked: Floats
    towards: Floats


@dataclass(frozen=True, slots=True)
class Signals:
    """`values` is (n, p), columns as in NAMES. `interest` (n,) is the nearest interest, None without interests.

    `cosine` (n,) is the nearness to that interest, `repeats` (n,) to the most similar point already sent.
    """

    values: Floats
    interest: NDArray[np.intp] | None
    cosine: Floats
    repeats: Floats

    def only(self, rows: NDArray[np.intp]) -> Signals:
        """The same of these rows alone."""
        interest = None if self.interest is None else self.interest[rows]
        return Signals(self.values[rows], interest, self.cosine[rows], self.repeats[rows])


def nearness(pool: Pool, readers: Sequence[Asking]) -> Iterator[Near]:
    """For each reader in turn the products with the pool, made by one matrix product for as many as fit into it."""
    asked = [_asked(pool, reader) for reader in readers]
    sizes = [sum(map(len, vectors)) for vectors in asked]
    done = 0
    while done < len(asked):
        fit = max(1, int(np.searchsorted(np.cumsum(sizes[done:]), MOST_AT_ONCE, side="right")))
        products = np.concatenate([v for vectors in asked[done : done + fit] for v in vectors]) @ pool.vectors.T
        ends = np.cumsum([len(v) for vectors in asked[done : done + fit] for v in vectors])
        parts = iter(np.split(products, ends[:-1]))
        for _ in range(fit):
            interests, not_interests, disliked, way = (next(parts) for _ in range(4))
            yield Near(interests, not_interests, disliked, way)
        done += fit


def signals(pool: Pool, asking: Asking, near: Near | None = None) -> Signals:
    """The signals of a pool for one reader, but for what they were sent (`with_sent`). `near` is found here if not given."""
    near = next(nearness(pool, [asking])) if near is None else near
    profile, cosine = asking.profile, _highest(near.interests)
    nothing = np.zeros(len(pool.candidates), dtype=np.float32)
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
        "against": _against(pool, profile, near),
    }
    values = np.stack([columns[name] for name in NAMES], axis=1)
    return Signals(values, near.interests.argmax(axis=0) if len(near.interests) else None, cosine, nothing)


def with_sent(told: Signals, pool: Pool, sent: Vector | None) -> Signals:
    """The same with what each row repeats of the points already sent, (s, d)."""
    repeats = _highest(_products(sent, pool))
    values = told.values.copy()
    values[:, NAMES.index("novelty")] = 1 - scaled(repeats, POINT_NOTHING, POINT_ALL)
    return replace(told, values=values, repeats=repeats)


def scaled(cosines: Floats, nothing: float = COSINE_NOTHING, everything: float = COSINE_ALL) -> Floats:
    """Cosines as shares from 0 to 1: 0 where as near as strangers are, 1 where hardly anything is nearer."""
    share: Floats = np.clip((cosines - np.float32(nothing)) / np.float32(everything - nothing), 0, 1)
    return share


def _asked(pool: Pool, reader: Asking) -> tuple[Vector, Vector, Vector, Vector]:
    """The vectors of one reader, each (some, d)."""
    nobody = np.empty((0, pool.vectors.shape[1]), dtype=np.float32)
    likes = reader.profile.liked_vectors
    way = nobody if likes is None or not len(likes) or pool.background is None else _way(pool.background, likes)[None]
    given = (reader.interests, reader.not_interests, reader.profile.disliked_vectors)
    interests, not_interests, disliked = (nobody if v is None or not pool.candidates else v for v in given)
    return interests, not_interests, disliked, way


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


def _against(pool: Pool, profile: Profile, near: Near) -> Floats:
    """How near to what the reader refused, in words or by "less".

    One "less" speaks of its point and its like, and only where no liked point is nearer: readers also say it of a weak
    insight on their own subject.
    """
    said = scaled(_highest(near.not_interests), nothing=AGAINST_FROM)
    disliked = _highest(near.disliked)
    rows = np.flatnonzero(disliked > POINT_NOTHING)  # of these alone it matters what was liked: few
    if len(rows) and profile.liked_vectors is not None:
        disliked[rows] *= disliked[rows] > (profile.liked_vectors @ pool.vectors[rows].T).max(axis=0, initial=0.0)
    higher: Floats = np.maximum(said, scaled(disliked, POINT_NOTHING, POINT_ALL))
    return higher


def _followed(pool: Pool, profile: Profile) -> Floats:
    followed: Floats = np.isin(pool.podcast, list(profile.followed_podcasts)).astype(np.float32)
    topics = {topic.casefold() for topic in profile.followed_topics}
    if topics:
        followed[[any(topic.casefold() in topics for topic in c.topics) for c in pool.candidates]] = 1.0
    people = {person.casefold() for person in profile.followed_people}
    if people:
        followed[[c.speaker is not None and c.speaker.casefold() in people for c in pool.candidates]] = 1.0
    return followed


def _standing(pool: Pool, profile: Profile) -> Floats:
    """-1 (never liked) to 1 (always), 0 for a podcast of which the reader said nothing."""
    if not profile.standing:
        return np.zeros(len(pool.candidates), dtype=np.float32)
    podcasts, places = np.unique(pool.podcast, return_inverse=True)
    return np.array([profile.standing.get(podcast, 0.0) for podcast in podcasts.tolist()], dtype=np.float32)[places]
