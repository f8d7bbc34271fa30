from django.db import migrations

# As in 0012, but of others only those are looked at that may stand near: public ones, and those of the same show.
MARK_NEAR = """
CREATE OR REPLACE FUNCTION takefive_mark_near(moved bigint[]) RETURNS void LANGUAGE sql
SET hnsw.ef_search = 400 SET hnsw.iterative_scan = relaxed_order AS $$
    UPDATE store_neighbourhood its SET stale = true
    FROM (
        SELECT near.id, round(near.distance::numeric, 3)::float8 AS distance
        FROM store_insight one CROSS JOIN LATERAL (
            SELECT other.id, other.vector <#> one.vector AS distance
            FROM store_insight other
            JOIN store_episode its_episode ON its_episode.id = other.episode_id
            JOIN store_podcast its_podcast ON its_podcast.id = its_episode.podcast_id
            WHERE other.id <> one.id AND NOT (its_podcast.private OR its_podcast.blocked)
            ORDER BY distance LIMIT 200
        ) near
        WHERE one.id = ANY(moved) AND one.vector IS NOT NULL
        UNION
        SELECT other.id, round((other.vector <#> one.vector)::numeric, 3)::float8
        FROM store_insight one
        JOIN store_episode episode ON episode.id = one.episode_id
        JOIN store_podcast podcast ON podcast.id = episode.podcast_id
        JOIN store_episode its_episode ON its_episode.podcast_id = podcast.id
        JOIN store_insight other ON other.episode_id = its_episode.id
        WHERE one.id = ANY(moved) AND other.id <> one.id AND (podcast.private OR podcast.blocked)
    ) near
    WHERE its.insight_id = near.id AND NOT its.stale AND -near.distance >= its.reach
$$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION takefive_mark_near(moved bigint[]) RETURNS void LANGUAGE sql
SET hnsw.ef_search = 400 SET hnsw.iterative_scan = relaxed_order AS $$
    UPDATE store_neighbourhood its SET stale = true
    FROM (
        SELECT DISTINCT near.id, round(near.distance::numeric, 3)::float8 AS distance
        FROM store_insight one CROSS JOIN LATERAL (
            SELECT other.id, other.vector <#> one.vector AS distance FROM store_insight other
            WHERE other.id <> one.id ORDER BY distance LIMIT 200
        ) near
        WHERE one.id = ANY(moved) AND one.vector IS NOT NULL
    ) near
    WHERE its.insight_id = near.id AND NOT its.stale AND -near.distance >= its.reach
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0018_points"),
    ]

    operations = [migrations.RunSQL(MARK_NEAR, AS_BEFORE)]
