"""The nearest insights by meaning, for many at once, through the vector index."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

# Public insights lie among the public ones; those of a private or blocked podcast among its own: they show up nowhere else.
# The index is asked for some more than wanted: equals (to the third decimal) go by public id, at the cut too.
_NEAREST = """
    SELECT one.id, (array_agg(near.id ORDER BY round(near.distance::numeric, 3), near.public_id))[:%(count)s]
    FROM store_insight one
    JOIN store_episode episode ON episode.id = one.episode_id
    JOIN store_podcast podcast ON podcast.id = episode.podcast_id
    CROSS JOIN LATERAL (
        SELECT other.id, other.public_id, other.vector <#> one.vector AS distance
        FROM store_insight other
        JOIN store_episode its_episode ON its_episode.id = other.episode_id
        JOIN store_podcast its_podcast ON its_podcast.id = its_episode.podcast_id
        WHERE other.id <> one.id AND other.vector IS NOT NULL
          AND CASE WHEN podcast.private OR podcast.blocked THEN its_podcast.id = podcast.id
              ELSE NOT (its_podcast.private OR its_podcast.blocked) END
        ORDER BY distance
        LIMIT %(wide)s
    ) near
    WHERE one.id = ANY(%(ids)s) AND one.vector IS NOT NULL
    GROUP BY one.id
"""
_MORE = 20


def nearest(ids: Collection[int], count: int) -> dict[int, list[int]]:
    """For each insight the ids of its `count` nearest others, nearest first. Call it inside a transaction.

    Insights without a vector are left out, and so are those that have no others near them. Distance is the inner product of
    vectors of length 1 (HNSW, Malkov & Yashunin 2016, as pgvector has it).
    """
    with connection.cursor() as cursor:
        wide = min(1000, 2 * (count + _MORE))  # for the way through the index is drawn by lot
        cursor.execute("SET LOCAL hnsw.ef_search = %s", [wide])
        cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")  # else a filter leaves too few rows
        cursor.execute(_NEAREST, {"ids": list(ids), "count": count, "wide": count + _MORE})
        return dict(cursor.fetchall())
