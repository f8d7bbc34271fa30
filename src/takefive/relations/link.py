"""Which of an insight's neighbours make the same point, and which ten are worth the click."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from takefive.relations import same_point
from takefive.relations.reason import reason
from takefive.relations.values import Link, Point

NEAR = 0.25  # below this cosine two insights have nothing to say to each other
BALANCE = 0.7  # weight of nearness against difference from those chosen before: lambda of maximal marginal relevance
SAME_EPISODE, SAME_PODCAST = 0.25, 0.08  # how much alike two insights are for their source alone


def link(point: Point, neighbours: Sequence[Point], *, top: int = 10) -> list[Link]:
    """Links from `point` to its `neighbours`: all that make the same point, then at most `top` related; each kind best first.

    Related are those of other episodes first, chosen by maximal marginal relevance (Carbonell & Goldstein 1998), none the
    same point as `point` or as one another. The score of "same point" is how surely, that of "related" the cosine.
    Depends on the set of neighbours only, not on their order.
    """
    others = sorted({p.id: p for p in neighbours if p.id != point.id}.values(), key=lambda p: p.id)
    if not others:
        return []
    sureness = _sureness(point, others)
    same = [_same(point, p, float(s)) for p, s in zip(others, sureness, strict=True) if s >= same_point.THRESHOLD]
    rest = [p for p, s in zip(others, sureness, strict=True) if s < same_point.THRESHOLD]
    related = [
        Link(to=p.id, kind="related", score=_cosine(point, p), reason=reason(point, p))
        for p in _choose(point, rest, top)
    ]
    return sorted(same, key=_place) + sorted(related, key=_place)


def _same(point: Point, other: Point, score: float) -> Link:
    return Link(to=other.id, kind="same point", score=score, reason=reason(point, other, same=True))


def _place(found: Link) -> tuple[float, int]:
    return (-found.score, found.to)


def _cosine(one: Point, other: Point) -> float:
    return round(float(one.vector @ other.vector), 4)


def _sureness(point: Point, others: Sequence[Point]) -> NDArray[np.float64]:
    vectors = np.stack([p.vector for p in others])
    mine = np.broadcast_to(point.vector, vectors.shape)
    return same_point.score([point.text] * len(others), [p.text for p in others], mine, vectors)


def _choose(point: Point, candidates: Sequence[Point], top: int) -> list[Point]:
    """At most `top` candidates: from other episodes while there are any, then from the same one."""
    chosen: list[Point] = []
    for own in (False, True):
        pool = [p for p in candidates if (p.episode == point.episode) is own and _cosine(point, p) >= NEAR]
        _fill(chosen, point, _unlike(chosen, pool), top)
    return chosen


def _fill(chosen: list[Point], point: Point, pool: list[Point], top: int) -> None:
    """Move the best of `pool` over to `chosen`, one by one, until there are `top`; those that repeat a chosen one are dropped."""
    likeness = {p.id: max((_alike(p, c) for c in chosen), default=0.0) for p in pool}
    while pool and len(chosen) < top:
        best = max(pool, key=lambda p: (BALANCE * _cosine(point, p) - (1 - BALANCE) * likeness[p.id], -p.id))
        chosen.append(best)
        pool = _unlike([best], [p for p in pool if p is not best])
        for p in pool:
            likeness[p.id] = max(likeness[p.id], _alike(p, best))


def _unlike(chosen: Sequence[Point], pool: list[Point]) -> list[Point]:
    """Those of `pool` that make the same point as none of `chosen`."""
    for point in chosen:
        if pool:
            pool = [p for p, s in zip(pool, _sureness(point, pool), strict=True) if s < same_point.THRESHOLD]
    return pool


def _alike(one: Point, other: Point) -> float:
    source = SAME_EPISODE if one.episode == other.episode else SAME_PODCAST if one.podcast == other.podcast else 0.0
    return _cosine(one, other) + source
