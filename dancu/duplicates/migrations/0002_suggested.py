"""Pairs that an officer entered by hand, and merges that somebody proposed to undo."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0001_initial")]
    operations = [
        migrations.AlterField(
            "pair",
            "state",
            models.CharField(
                choices=[
                    ("suspected", "Suspected"),
                    ("dismissed", "Dismissed"),
                    ("proposed", "Proposed"),
                    ("merged", "Merged"),
                    ("parting", "Parting"),
                    ("undone", "Undone"),
                    ("cleared", "Cleared"),
                ],
                default="suspected",
                max_length=9,
            ),
        ),
        migrations.AddField("pair", "suggested_by", models.BigIntegerField(null=True)),
        migrations.AddField("pair", "suggested_at", models.DateTimeField(null=True)),
        migrations.AddField("pair", "suggestion", models.TextField(blank=True, default="")),
        migrations.AddConstraint(
            "pair",
            models.CheckConstraint(
                condition=models.Q(
                    ("suggested_by__isnull", True),
                    models.Q(
                        ("suggested_at__isnull", False),
                        models.Q(("suggestion", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="duplicates_suggested_with_a_reason",
            ),
        ),
    ]
