"""Insights that make the same point, as groups: one is shown, the others are counted with their own proofs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


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
