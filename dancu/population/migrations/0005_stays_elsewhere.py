"""Index cards name a stay only where it is not at home."""

from django.db import migrations

FORWARD = """
UPDATE population_person
SET stay_address_id = nullif(stay_address_id, address_id),
    stay_commune = nullif(stay_commune, commune)
WHERE stay_address_id = address_id OR stay_commune = commune
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0004_golden_by_reference")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
