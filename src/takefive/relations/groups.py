"""Insights that make the same point, as groups: one is shown, the others are counted with their own proofs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from takefive.relations.values import Point


def best_put(points: Sequence[Point]) -> Point:
    """The best-put point of a group: the highest score; then the nearest to the others, the first said, the smallest id."""
    return min(points, key=lambda point: _order(point, points))


def _order(point: Point, group: Sequence[Point]) -> tuple[float, float, float, int]:
    nearness = sum(float(point.vector @ other.vector) for other in group if other.id != point.id)
    said = point.published if point.published is not None else float("inf")
    return (-point.score, -round(nearness, 6), said, point.id)


def components(pairs: Iterable[tuple[int, int]], scores: Mapping[int, float] | None = None) -> list[list[int]]:
    """Groups of ids from pairs that make the same point, without chains; each group begins with its best-put id.

    Ids are taken from the best put down (`scores`, then more pairs, then the smaller id); each one still free gathers those still
    free that make the same point as itself and as everyone gathered before (complete linkage): no group holds two that are
    not known to agree, such as "it grew by 40 percent" and "by 15" around a plain "it grew".
    The result does not depend on the order of `pairs`, and a part of the graph gives the same groups alone as within the whole.
    """
    paired: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        if one != other:
            paired[one].add(other)
            paired[other].add(one)
    known = scores or {}
    order = sorted(paired, key=lambda item: (-known.get(item, 0.0), -len(paired[item]), item))
    place = {item: at for at, item in enumerate(order)}
    free, groups = set(order), []
    for item in order:
        if item in free:
            group = [item]
            for other in sorted(paired[item] & free, key=place.__getitem__):
                if paired[other].issuperset(group):
                    group.append(other)
            free.difference_update(group)
            if len(group) > 1:
                groups.append(group)
    return groups
