"""What can be said about each candidate for one reader, as numbers from 0 to 1, by numpy matrix products.

They are the usual ones of content-based news recommendation (Lops, de Gemmis & Semeraro 2011): nearness to what the
reader asked for and liked, quality, recency, novelty, and the standing of the source with the reader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.pool import Floats, Pool
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
WORDS_ALL = 0.25  # of the weight of words, on the mean over what was liked: more is rare


@dataclass(frozen=True, slots=True)
class Signals:
    """`values` is (n, p), columns as in NAMES. `interest` (n,) is the nearest interest, None without interests.

    `cosine` (n,) is the nearness to that interest, `repeats` (n,) to the most similar point already sent.
    """

    values: Floats
    interest: NDArray[np.intp] | None
    cosine: Floats
    repeats: Floats


def signals(pool: Pool, profile: Profile, interests: Vector | None, not_interests: Vector | None) -> Signals:
    """The signals of a pool for one reader; `interests` is (k, d), `not_interests` (m, d), rows of length 1."""
    near = _cosines(pool, interests)
    cosine, repeats = _highest(near), _highest(_cosines(pool, profile.sent_vectors))
    columns = {
        "relevance": scaled(cosine),
        "liked": _liked(pool, profile.liked_vectors),
        "words": _words(pool, profile.liked_texts),
        "strength": pool.strength,
        "freshness": pool.freshness,
        "novelty": 1 - scaled(repeats, POINT_NOTHING, POINT_ALL),
        "voices": pool.voices,
        "followed": _followed(pool, profile),
        "standing": _standing(pool, profile),
        "against": _against(pool, profile, not_interests),
    }
    values = np.stack([columns[name] for name in NAMES], axis=1)
    return Signals(values, near.argmax(axis=1) if near.shape[1] else None, cosine, repeats)


def scaled(cosines: Floats, nothing: float = COSINE_NOTHING, everything: float = COSINE_ALL) -> Floats:
    """Cosines as shares from 0 to 1: 0 where as near as strangers are, 1 where hardly anything is nearer."""
    share: Floats = np.clip((cosines - np.float32(nothing)) / np.float32(everything - nothing), 0, 1)
    return share


def _cosines(pool: Pool, vectors: Vector | None) -> Floats:
    if vectors is None or len(vectors) == 0 or not pool.candidates:
        return np.empty((len(pool.candidates), 0), dtype=np.float32)
    cosines: Floats = pool.vectors @ np.asarray(vectors, dtype=np.float32).T
    return cosines


def _highest(cosines: Floats) -> Floats:
    """The largest of each row; 0 for rows without columns."""
    return cosines.max(axis=1, initial=0.0) if cosines.size else np.zeros(len(cosines), dtype=np.float32)


def _liked(pool: Pool, vectors: Vector | None) -> Floats:
    """How far towards what was liked: 0 where insights are on the whole, a half where the liked ones are on the mean."""
    if vectors is None or len(vectors) == 0 or pool.background is None:
        return np.zeros(len(pool.candidates), dtype=np.float32)
    way = np.asarray(vectors, dtype=np.float32).mean(axis=0) - pool.background.mean
    towards = pool.background.inverse @ way
    share: Floats = np.clip((pool.vectors - pool.background.mean) @ towards / max(2 * float(way @ towards), 1e-6), 0, 1)
    return share


def _words(pool: Pool, texts: tuple[str, ...]) -> Floats:
    """How much an insight shares with what was liked by name."""
    if not texts:
        return np.zeros(len(pool.candidates), dtype=np.float32)
    share: Floats = np.clip(pool.words.likeness(texts)[pool.origin] / np.float32(WORDS_ALL), 0, 1)
    return share


def _against(pool: Pool, profile: Profile, not_interests: Vector | None) -> Floats:
    """How near to what the reader refused, in words or by "less".

    One "less" speaks of its point and its like, and only where no liked point is nearer: readers also say it of a weak
    insight on their own subject.
    """
    said = scaled(_highest(_cosines(pool, not_interests)), nothing=AGAINST_FROM)
    disliked, liked = (_highest(_cosines(pool, v)) for v in (profile.disliked_vectors, profile.liked_vectors))
    shown = scaled(disliked, POINT_NOTHING, POINT_ALL) * (disliked > liked)
    higher: Floats = np.maximum(said, shown)
    return higher


def _followed(pool: Pool, profile: Profile) -> Floats:
    topics = {topic.casefold() for topic in profile.followed_topics}
    followed: Floats = np.isin(pool.podcast, list(profile.followed_podcasts)).astype(np.float32)
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
    return np.array([profile.standing.get(int(podcast), 0.0) for podcast in pool.podcast], dtype=np.float32)
