import pgvector.django.halfvec
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0017_speakers"),
    ]

    operations = [
        migrations.AddField(
            model_name="neighbourhood",
            name="point",
            field=pgvector.django.halfvec.HalfVectorField(null=True),
        ),
        migrations.AddField(
            model_name="neighbourhood",
            name="point_model",
            field=models.CharField(db_default="", default="", max_length=8),
        ),
        # Such a vector lies apart: the row itself is written whenever somebody comes near.
        migrations.RunSQL(
            "ALTER TABLE store_neighbourhood SET (toast_tuple_target = 128)",
            "ALTER TABLE store_neighbourhood RESET (toast_tuple_target)",
        ),
        # Rows that are gone but not yet vacuumed take up places in what the index keeps in view.
        migrations.RunSQL(
            "ALTER FUNCTION takefive_mark_near(bigint[]) SET hnsw.iterative_scan = relaxed_order",
            "ALTER FUNCTION takefive_mark_near(bigint[]) RESET hnsw.iterative_scan",
        ),
    ]
