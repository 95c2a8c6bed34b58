"""Acts by which officers settle what a split left open, so that one can be taken back."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0002_decisions")]
    operations = [
        migrations.CreateModel(
            name="Settling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_code", models.CharField(max_length=20)),
                (
                    "communes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("street", models.CharField(blank=True, default="", max_length=200)),
                ("side", models.CharField(blank=True, default="", max_length=4)),
                ("low", models.IntegerField(null=True)),
                ("high", models.IntegerField(null=True)),
                ("addresses", models.IntegerField()),
                ("reason", models.TextField()),
                ("takes_effect", models.DateField()),
                ("undo_until", models.DateField()),
                ("settled_at", models.DateTimeField()),
                ("settled_by", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["communes"], name="places_settling_communes"),
                ],
            },
        ),
        migrations.AddField(
            model_name="placing",
            name="settling",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="placings",
                to="places.settling",
            ),
        ),
    ]
