import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

TABLES = ("edition", "figure")
FORWARD = """
CREATE FUNCTION bulletins_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER {name}_is_append_only BEFORE UPDATE OR DELETE ON bulletins_{name} "
    "FOR EACH ROW EXECUTE FUNCTION bulletins_refuse_change();\n"
    for name in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {name}_is_append_only ON bulletins_{name};\n" for name in TABLES)
BACKWARD += "DROP FUNCTION bulletins_refuse_change();\n"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("weekly", "Weekly"), ("evening", "Evening")], max_length=8)),
                ("day", models.DateField()),
                ("since", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("examined_at", models.DateTimeField(null=True)),
                ("is_late", models.BooleanField()),
                ("cells", models.JSONField()),
                ("groups", models.JSONField()),
                ("league", models.JSONField()),
                ("previous", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to="bulletins.edition")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "day"), name="bulletins_edition_once"),
                    models.CheckConstraint(condition=models.Q(("since__lte", models.F("day"))), name="bulletins_edition_counts_forward"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("unit", models.CharField(db_collation="C", max_length=10)),
                ("group", models.CharField(blank=True, db_collation="C", max_length=60)),
                ("kind", models.CharField(choices=[("left", "Left"), ("daily", "Daily")], max_length=5)),
                ("goal", models.IntegerField()),
                ("by", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("set_at", models.DateTimeField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("officer_id", models.BigIntegerField(null=True)),
                ("office", models.CharField(db_collation="C", max_length=40)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.BigIntegerField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("unit", "group"), name="bulletins_target_one_at_a_time"),
                    models.CheckConstraint(condition=models.Q(("goal__gte", 0)), name="bulletins_target_can_be_reached"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(db_collation="C", max_length=10)),
                ("level", models.CharField(max_length=13)),
                ("parent", models.CharField(blank=True, db_collation="C", max_length=10)),
                ("name", models.CharField(max_length=200)),
                ("people", models.IntegerField()),
                ("left", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("before", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("opened", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("closed", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("passed", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("own_day", models.JSONField(default=dict)),
                ("share", models.FloatField(null=True)),
                ("per_thousand", models.FloatField(null=True)),
                ("place", models.IntegerField(null=True)),
                ("placed", models.IntegerField(default=0)),
                ("paces", models.JSONField(default=list)),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="bulletins.edition")),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "edition"], name="bulletins_figure_unit")],
                "constraints": [models.UniqueConstraint(fields=("edition", "unit"), name="bulletins_figure_once")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
