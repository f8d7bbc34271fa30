"""Where a new insight lies on a map that is drawn already: amid its neighbours, who stay where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from takefive.relations.layout import nudge

Spot = tuple[float, float, int]
"""x, y and the finest region."""


def amid(near: Sequence[Spot], number: int) -> Spot | None:
    """The spot of point `number`, from the spots of its neighbours, the nearest first; None where it has none.

    Neighbours may lie in several regions, and between those is no man's land: the region that weighs most is taken (the n-th
    neighbour weighs 1 / n), and in it the weighted mean, off by a small step of the number's own.
    """
    if not near:
        return None
    weights = [1 / rank for rank in range(1, len(near) + 1)]
    regions: defaultdict[int, float] = defaultdict(float)
    for (_, _, region), weight in zip(near, weights, strict=True):
        regions[region] += weight
    chosen = max(regions, key=lambda region: (regions[region], -region))
    inside = [(x, y, weight) for (x, y, region), weight in zip(near, weights, strict=True) if region == chosen]
    step = nudge(number)
    x, y = (sum(one[axis] * one[2] for one in inside) / regions[chosen] + float(step[axis]) for axis in (0, 1))
    return x, y, chosen
