"""To part two records again takes two officers, as to merge them does."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("population", "0006_merges")]
    operations = [
        migrations.AddField("merge", "undo_proposed_at", models.DateTimeField(null=True)),
        migrations.AddField("merge", "undo_proposed_by", models.BigIntegerField(null=True)),
        migrations.AddField(
            "merge",
            "undo_to_merged",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField("merge", "undo_seen", models.JSONField(null=True)),
        migrations.AddField("merge", "undo_decision_reason", models.TextField(null=True)),
        migrations.AddConstraint(
            "merge",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), _negated=True),
                    ("undo_proposed_by__isnull", True),
                    models.Q(("undo_proposed_by", models.F("undone_by")), _negated=True),
                    _connector="OR",
                ),
                name="merge_undone_by_two_officers",
            ),
        ),
    ]
