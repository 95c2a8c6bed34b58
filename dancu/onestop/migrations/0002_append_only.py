"""Whatever a desk recorded is only ever added to; corrections and withdrawals are rows beside."""

from django.db import migrations

TABLES = ("question", "steprecord", "extract", "copy", "withdrawal")
FORWARD = """
CREATE FUNCTION onestop_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER {name}_is_append_only BEFORE UPDATE OR DELETE ON onestop_{name} "
    "FOR EACH ROW EXECUTE FUNCTION onestop_refuse_change();\n"
    for name in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {name}_is_append_only ON onestop_{name};\n" for name in TABLES)
BACKWARD += "DROP FUNCTION onestop_refuse_change();\n"


class Migration(migrations.Migration):
    dependencies = [("onestop", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
