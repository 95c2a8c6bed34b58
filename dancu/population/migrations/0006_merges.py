"""Records that were merged, and numbers that are in force again when a merge is undone."""

import django.contrib.postgres.fields
from django.db import migrations, models

_STAYS = """
DROP TRIGGER pid_stays_cancelled ON population_pid;
CREATE TRIGGER pid_stays_cancelled BEFORE UPDATE OF cancelled_on ON population_pid
    FOR EACH ROW WHEN (OLD.cancelled_on IS NOT NULL AND NEW.cancelled_on IS NULL)
    EXECUTE FUNCTION {function}();
"""
FORWARD = """
-- A number that was cancelled stays so, but for one case: it was cancelled by a merge of records
-- that has been undone, and goes back to the person who had it.
CREATE FUNCTION population_refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM population_merge m
        WHERE m.cancelled_pid = OLD.pid AND m.merged_id = NEW.person_id AND m.state = 'undone'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + _STAYS.format(function="population_refuse_revival")
BACKWARD = (
    _STAYS.format(function="population_refuse_change")
    + "DROP FUNCTION population_refuse_revival();"
)


class Migration(migrations.Migration):
    dependencies = [("population", "0005_stays_elsewhere")]
    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("survivor_id", models.BigIntegerField()),
                ("merged_id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("declined", "Declined"),
                            ("done", "Done"),
                            ("undone", "Undone"),
                        ],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("seen", models.JSONField()),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by", models.BigIntegerField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decision_reason", models.TextField(null=True)),
                ("statement_id", models.BigIntegerField(null=True)),
                (
                    "cancelled_pid",
                    models.CharField(db_collation="C", max_length=12, null=True),
                ),
                (
                    "pids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", max_length=12),
                        default=list,
                        size=None,
                    ),
                ),
                ("entered", models.JSONField(default=dict)),
                (
                    "restated",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "requests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "followers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("conflicts", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.BigIntegerField(null=True)),
                ("undo_reason", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["survivor_id"], name="merge_survivor"),
                    models.Index(fields=["merged_id"], name="merge_merged"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("survivor_id", models.F("merged_id")), _negated=True),
                        name="merge_of_two_records",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["done", "undone"]), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="merge_by_two_officers",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "done"])),
                        fields=("merged_id",),
                        name="merge_gives_way_once",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="person_merged_into",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
