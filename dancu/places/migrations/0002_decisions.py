"""Decisions on the map, and where they sent single addresses."""

import django.db.models.deletion
from django.db import migrations, models

LEVELS = [
    ("province", "Province"),
    ("district", "District"),
    ("commune", "Commune"),
    ("neighbourhood", "Neighbourhood"),
]


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="MapDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("legal_basis", models.TextField()),
                ("decided_on", models.DateField()),
                ("effective_on", models.DateField()),
                ("digest", models.CharField(max_length=32)),
                ("text", models.TextField()),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.BigIntegerField(null=True)),
                ("in_force_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("number",),
                        name="places_decision_applied_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_at__isnull", True),
                            ("undone_at__isnull", True),
                            _connector="OR",
                        ),
                        name="places_decision_in_force_or_undone",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="unitsuccession",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successions",
                to="places.mapdecision",
            ),
        ),
        migrations.CreateModel(
            name="Placing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_id", models.BigIntegerField()),
                ("on", models.DateField()),
                ("level", models.CharField(choices=LEVELS, max_length=16)),
                ("unit_code", models.CharField(max_length=20)),
                ("line", models.IntegerField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("placed_at", models.DateTimeField()),
                ("placed_by", models.BigIntegerField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placings",
                        to="places.mapdecision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("address_id", "on", "level"),
                        name="places_placing_one",
                    ),
                ],
            },
        ),
    ]
