from django.db import migrations, models

# What goes may have told whose other names are, or been the way in which most wrote one; an episode that lost an insight is
# read for names again.
NOTED = """
CREATE FUNCTION store_evidence_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO store_departed (kind, key) SELECT DISTINCT kind, key FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER store_evidence_went AFTER DELETE ON store_evidence REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION store_evidence_went();

CREATE FUNCTION store_named_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO store_departed (kind, key) SELECT kind, key FROM store_entity
    WHERE id IN (SELECT entity_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER store_named_went AFTER DELETE ON store_named REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION store_named_went();

CREATE FUNCTION store_insight_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE store_episode SET named_at = NULL
    WHERE id IN (SELECT episode_id FROM changed) AND named_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER store_insight_went AFTER DELETE ON store_insight REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION store_insight_went();
"""
UNNOTED = """
DROP TRIGGER store_insight_went ON store_insight;
DROP TRIGGER store_named_went ON store_named;
DROP TRIGGER store_evidence_went ON store_evidence;
DROP FUNCTION store_insight_went(), store_named_went(), store_evidence_went();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0019_told_past_the_hidden"),
    ]

    operations = [
        migrations.CreateModel(
            name="Departed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("topic", "Topic"), ("person", "Person")], max_length=6)),
                ("key", models.TextField()),
            ],
            options={"verbose_name_plural": "departed"},
        ),
        migrations.RunSQL(NOTED, UNNOTED),
    ]
