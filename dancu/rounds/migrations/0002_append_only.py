"""What a visit found is only ever added to; who came later adds another."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rounds_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER visit_is_append_only BEFORE UPDATE OR DELETE ON rounds_visit
FOR EACH ROW EXECUTE FUNCTION rounds_refuse_change();
"""
BACKWARD = """
DROP TRIGGER visit_is_append_only ON rounds_visit;
DROP FUNCTION rounds_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
