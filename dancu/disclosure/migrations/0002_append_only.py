"""Access records are only ever added; the rows of one answer share a number of a sequence."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE disclosure_number_seq AS bigint;

CREATE FUNCTION disclosure_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accessrecord_is_append_only BEFORE UPDATE OR DELETE ON disclosure_accessrecord
    FOR EACH ROW EXECUTE FUNCTION disclosure_refuse_change();
"""

BACKWARD = """
DROP TRIGGER accessrecord_is_append_only ON disclosure_accessrecord;
DROP FUNCTION disclosure_refuse_change();
DROP SEQUENCE disclosure_number_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
