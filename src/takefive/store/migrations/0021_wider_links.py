import pgvector.django.indexes
from django.db import migrations

# Nothing is built anew: what comes from now on is linked with more care, what is there when somebody reindexes.
WIDER = "ALTER INDEX IF EXISTS insight_nearest SET (ef_construction = 100)"
AS_BEFORE = "ALTER INDEX IF EXISTS insight_nearest RESET (ef_construction)"
INDEX = pgvector.django.indexes.HnswIndex(
    fields=["vector"], name="insight_nearest", opclasses=["halfvec_ip_ops"], ef_construction=100
)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0020_what_went"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(WIDER, AS_BEFORE)],
            state_operations=[
                migrations.RemoveIndex(model_name="insight", name="insight_nearest"),
                migrations.AddIndex(model_name="insight", index=INDEX),
            ],
        )
    ]
