"""Who lodges where by a notice, so that a ward finds the guests whose home is elsewhere.

Filled from the golden records: ``lodging`` and ``lodging_until`` are attributes 39 and 40, the
whole of facet 2.
"""

import django.db.models.deletion
from django.db import migrations, models

_FACT = "CASE WHEN g.overrides ? '{0}' THEN g.overrides -> '{0}' ->> 0 ELSE b.claims ->> '{0}' END"
FILL = f"""
INSERT INTO population_lodger (person_id, address_id, day, until)
SELECT person_id, address_id::bigint, day, CASE WHEN length(until) = 10 THEN until::date END
FROM (
    SELECT g.person_id, {_FACT.format(39)} AS address_id, {_FACT.format(40)} AS until,
           coalesce(date '1800-01-01' + (g.overrides -> '39' ->> 3)::integer, g.valid_from) AS day
    FROM population_golden g
    LEFT JOIN population_statement b ON b.person_id = g.person_id AND b.id = g.statement_id
    WHERE g.facet = 2
) held
WHERE address_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0007_unmerging")]
    operations = [
        migrations.CreateModel(
            name="Lodger",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="population.person",
                    ),
                ),
                ("address_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("until", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["address_id"], name="lodger_address")],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
