"""The check against overlapping periods looks at the code first, which is a third of the work."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations

import dancu.places.models


class Migration(migrations.Migration):
    dependencies = [("places", "0003_settlings")]
    operations = [
        migrations.RemoveConstraint(model_name="unit", name="places_unit_no_overlap"),
        migrations.AddConstraint(
            model_name="unit",
            constraint=ExclusionConstraint(
                name="places_unit_no_overlap",
                expressions=[
                    ("code", "="),
                    (dancu.places.models.DateRange("valid_from", "valid_to"), "&&"),
                    ("level", "="),
                ],
            ),
        ),
    ]
