from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# Who has one of these among the neighbours that its links are chosen from, or would have: those are to be linked anew.
# 200 is how many stand near enough to be asked. The database does it itself, so that no writer can forget it.
MARK_NEAR = """
CREATE FUNCTION takefive_mark_near(moved bigint[]) RETURNS void LANGUAGE sql SET hnsw.ef_search = 400 AS $$
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

CREATE FUNCTION takefive_insight_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM takefive_mark_near(ARRAY[OLD.id]);
    RETURN OLD;
END $$;
CREATE TRIGGER insight_goes BEFORE DELETE ON store_insight FOR EACH ROW EXECUTE FUNCTION takefive_insight_goes();

CREATE FUNCTION takefive_podcast_hides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO store_neighbourhood (insight_id, reach, stale, moved)
    SELECT insight.id, -2, true, true
    FROM store_insight insight JOIN store_episode episode ON episode.id = insight.episode_id
    WHERE episode.podcast_id = NEW.id AND insight.vector IS NOT NULL
    ON CONFLICT (insight_id) DO UPDATE SET stale = true, moved = true;
    RETURN NULL;
END $$;
CREATE TRIGGER podcast_hides AFTER UPDATE OF private, blocked ON store_podcast FOR EACH ROW
    WHEN ((OLD.private OR OLD.blocked) <> (NEW.private OR NEW.blocked)) EXECUTE FUNCTION takefive_podcast_hides();

INSERT INTO store_neighbourhood (insight_id, reach, stale, moved)
SELECT id, -2, true, false FROM store_insight WHERE vector IS NOT NULL;
"""
UNMARK = """
DROP TRIGGER podcast_hides ON store_podcast;
DROP TRIGGER insight_goes ON store_insight;
DROP FUNCTION takefive_podcast_hides(), takefive_insight_goes(), takefive_mark_near(bigint[]);
"""
WORDS = """
SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', insight.headline || '' '' || insight.text || '' '' || insight.quote
    || '' '' || insight.speaker) FROM store_insight insight JOIN store_episode episode ON episode.id = insight.episode_id
    JOIN store_podcast podcast ON podcast.id = episode.podcast_id WHERE NOT (podcast.private OR podcast.blocked)')
"""


def learn_words(_apps: object, schema_editor: Any) -> None:
    from takefive.store.vocabulary import learn

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WORDS)
        learn(word for (word,) in cursor.fetchall())


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_chapters_and_drift"),
    ]

    operations = [
        migrations.CreateModel(
            name="VectorIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField(blank=True)),
                ("model", models.TextField()),
                ("dimension", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "in use"),
                            ("building", "is being made"),
                            ("kept", "was in use before, to go back to"),
                        ],
                        max_length=8,
                        unique=True,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Neighbourhood",
            fields=[
                (
                    "insight",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="neighbourhood",
                        serialize=False,
                        to="store.insight",
                    ),
                ),
                ("reach", models.FloatField(default=-2)),
                ("stale", models.BooleanField(default=False)),
                ("moved", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("stale", True)), fields=["insight"], name="neighbourhood_stale")
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                ("slips", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["slips"], name="word_slips")],
            },
        ),
        migrations.RunSQL(MARK_NEAR, UNMARK),
        migrations.RunPython(learn_words, migrations.RunPython.noop),
    ]
