"""Which of an insight's neighbours make the same point, and which ten are worth the click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from takefive.relations import same_point
from takefive.relations.lexical import Overlap, likeness
from takefive.relations.reason import reason
from takefive.relations.values import Link, Point

NEAR = (
    0.12  # below this cosine two insights have nothing to say to each other; a small library still fills a list of ten
)
COPY = 0.9  # from this cosine on two insights of one episode are the same said twice
BALANCE = 0.85  # weight of nearness against difference from those chosen before: lambda of maximal marginal relevance
SAME_EPISODE, SAME_PODCAST = 0.25, 0.08  # how much alike two insights are for their source alone
Floats = NDArray[np.float64]


def link(point: Point, neighbours: Sequence[Point], *, top: int = 10) -> list[Link]:
    """Links from `point` to its `neighbours`: all that make the same point, then at most `top` related; each kind best first.

    Related are those of other episodes first, chosen by maximal marginal relevance (Carbonell & Goldstein 1998), none the
    same point as `point` or as one another. The score of "same point" is how surely, that of "related" how near.
    Depends on the set of neighbours only, not on their order, nor on their ids: scores equal to the third decimal go by key.
    """
    others = sorted({p.id: p for p in neighbours if p.id != point.id}.values(), key=_lasting)
    if not others:
        return []
    cosines = _cosines([point], others)[0]
    sure = _sureness(point, others, cosines)
    same = [
        Link(to=others[i].id, kind="same point", score=_score(sure[i]), reason=reason(point, others[i], same=True))
        for i in np.flatnonzero(sure).tolist()
    ]
    overlap = Overlap([_subject(one) for one in (point, *others)])
    near = likeness(cosines, overlap.cosines(0)[1:])
    free = np.flatnonzero((sure == 0) & (cosines >= NEAR))
    chosen = free[
        _choose(point, [others[i] for i in free], near[free], lambda i: overlap.cosines(free[i] + 1)[free + 1], top)
    ]
    scores = [_score(value) for value in near.tolist()]
    elsewhere = sorted(chosen.tolist(), key=lambda i: (others[i].episode == point.episode, -scores[i], i))
    related = [
        Link(to=others[i].id, kind="related", score=scores[i], reason=reason(point, others[i])) for i in elsewhere
    ]
    return sorted(same, key=lambda found: -found.score) + related


def _subject(point: Point) -> str:
    """What is compared word by word: the text, and again what it is about."""
    return f"{point.text} {' '.join(point.topics)}"


def _lasting(point: Point) -> tuple[str, str, int]:
    """The order among equals: the same whatever order the insights came in."""
    return (point.key, point.text, point.id)


def _score(value: float) -> float:
    """To the third decimal: what is nearer than that is a tie, and no noise of a sum tells it apart."""
    return round(float(value), 3)


def _cosines(some: Sequence[Point], others: Sequence[Point]) -> Floats:
    """Rounded, so that the order of a sum on one machine decides nothing on another: shape (len(some), len(others)).

    By one thread: to wake the others of a BLAS costs more than so few products, ten times as much on a busy machine.
    """
    product = np.einsum("id,jd->ij", np.stack([p.vector for p in some]), np.stack([p.vector for p in others]))
    return np.asarray(np.round(product.astype(np.float64), 5), dtype=np.float64)


def _sureness(point: Point, others: Sequence[Point], near: Floats) -> Floats:
    """How surely each of `others` makes the point of `point`, 0 where it does not.

    Within one episode only a near copy does: there a speaker says several things about one subject.
    """
    copies = np.array([p.episode != point.episode for p in others]) | (near >= COPY)
    return same_point.sureness(point.text, [p.text for p in others], np.where(copies, near, 0.0))


def _choose(point: Point, pool: list[Point], near: Floats, words: Callable[[int], Floats], top: int) -> list[int]:
    """The places in `pool` of at most `top`: of other episodes while there are any, then of the same one."""
    if not pool:
        return []
    cosines = _cosines(pool, pool)
    source = _same_source(pool)
    own = np.array([p.episode == point.episode for p in pool])
    open_, nearest = np.ones(len(pool), dtype=bool), np.zeros(len(pool))
    chosen: list[int] = []
    while len(chosen) < top and open_.any():
        tier = open_ & ~own if (open_ & ~own).any() else open_
        worth = np.where(tier, np.round(BALANCE * near - (1 - BALANCE) * nearest, 3), -np.inf)
        best = int(worth.argmax())
        chosen.append(best)
        open_[best] = False
        open_ &= _sureness(pool[best], pool, np.where(open_, cosines[best], 0.0)) == 0
        nearest = np.maximum(nearest, likeness(cosines[best], words(best)) + source[best])
    return chosen


def _same_source(pool: Sequence[Point]) -> Floats:
    """How much alike two points are for coming from one episode, or one podcast: shape (n, n)."""
    episodes, podcasts = np.array([p.episode for p in pool]), np.array([p.podcast for p in pool])
    one_podcast = np.where(podcasts[:, None] == podcasts, SAME_PODCAST, 0.0)
    return np.where(episodes[:, None] == episodes, SAME_EPISODE, one_podcast)
