"""The nearest insights by meaning, for many at once, through the vector index."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

# Public insights lie among the public ones. The index is asked for some more than wanted: equals (to the third decimal) go
# by public id, at the cut too.
_PUBLIC = """
    SELECT one.id, near.id, round(near.distance::numeric, 3)::float8
    FROM store_insight one
    JOIN store_episode episode ON episode.id = one.episode_id
    JOIN store_podcast podcast ON podcast.id = episode.podcast_id
    CROSS JOIN LATERAL (
        SELECT other.id, other.public_id, other.vector <#> one.vector AS distance
        FROM store_insight other
        JOIN store_episode its_episode ON its_episode.id = other.episode_id
        JOIN store_podcast its_podcast ON its_podcast.id = its_episode.podcast_id
        WHERE other.id <> one.id AND other.vector IS NOT NULL AND NOT (its_podcast.private OR its_podcast.blocked)
        ORDER BY distance
        LIMIT %(wide)s
    ) near
    WHERE one.id = ANY(%(ids)s) AND one.vector IS NOT NULL AND NOT (podcast.private OR podcast.blocked)
    ORDER BY one.id, round(near.distance::numeric, 3), near.public_id
"""
# Those of a private or blocked podcast lie among its own, and show up nowhere else. They are few: each is compared, since the
# index would have to pass all the others first.
_HIDDEN = """
    SELECT one.id, near.id, round(near.distance::numeric, 3)::float8
    FROM store_insight one
    JOIN store_episode episode ON episode.id = one.episode_id
    JOIN store_podcast podcast ON podcast.id = episode.podcast_id
    CROSS JOIN LATERAL (
        SELECT other.id, other.public_id, other.vector <#> one.vector AS distance
        FROM store_episode its_episode
        JOIN store_insight other ON other.episode_id = its_episode.id
        WHERE its_episode.podcast_id = podcast.id AND other.id <> one.id AND other.vector IS NOT NULL
        ORDER BY (other.vector <#> one.vector) + 0
        LIMIT %(wide)s
    ) near
    WHERE one.id = ANY(%(ids)s) AND one.vector IS NOT NULL AND (podcast.private OR podcast.blocked)
    ORDER BY one.id, round(near.distance::numeric, 3), near.public_id
"""
# Wider than wanted, for the way through the index is drawn by lot; and on, where a filter would leave too few rows.
_FAR = "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'relaxed_order', true)"
_MORE = 20
NO_END = -2.0  # the reach of an insight with fewer neighbours than were asked for: whoever comes is one


@dataclass(slots=True)
class Near:
    """Ids, nearest first, and the cosine of the last to the third decimal; `NO_END` where there are fewer than asked for."""

    ids: list[int]
    reach: float = NO_END


def nearest(ids: Collection[int], count: int) -> dict[int, Near]:
    """For each insight its `count` nearest others. Call it inside a transaction.

    Insights without a vector are left out, and so are those that have no others near them. Distance is the inner product of
    vectors of length 1 (HNSW, Malkov & Yashunin 2016, as pgvector has it).
    """
    found: dict[int, Near] = {}
    values: dict[str, int | list[int]] = {"ids": list(ids), "wide": count + _MORE}
    with connection.cursor() as cursor:
        cursor.execute(_FAR, [str(min(1000, 2 * (count + _MORE)))])
        for query in (_PUBLIC, _HIDDEN):
            cursor.execute(query, values)
            for one, other, distance in cursor.fetchall():
                _take(found.setdefault(one, Near([])), other, distance, count)
            if found.keys() >= set(ids):  # nothing hidden among them
                break
    return found


def _take(near: Near, other: int, distance: float, count: int) -> None:
    if len(near.ids) < count:
        near.ids.append(other)
        if len(near.ids) == count:
            near.reach = -distance


def mark_near(ids: Collection[int]) -> None:
    """Mark those as stale whose neighbours these insights are, or would be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT takefive_mark_near(%s::bigint[])", [list(ids)])
