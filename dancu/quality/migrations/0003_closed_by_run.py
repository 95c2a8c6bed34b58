"""What a run has closed is found by the run."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_handling")]

    operations = [
        migrations.AddIndex(
            model_name="closedissue",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["run"], name="quality_closed_run", pages_per_range=16
            ),
        ),
    ]
