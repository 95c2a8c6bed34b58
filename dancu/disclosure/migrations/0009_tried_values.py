"""What one contract tried on one person today."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0008_changes_told")]

    operations = [
        migrations.CreateModel(
            name="TriedValues",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "contract",
                        "person_id",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("contract", models.CharField(db_collation="C", max_length=60)),
                ("person_id", models.BigIntegerField()),
                ("name", models.CharField(db_collation="C", max_length=60)),
                ("most", models.SmallIntegerField()),
                (
                    "tried",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(), size=None
                    ),
                ),
            ],
        ),
    ]
