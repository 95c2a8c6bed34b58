"""What offices do about issues: acts that are only added, and to whom an issue was passed on."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION quality_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER handling_is_append_only BEFORE UPDATE OR DELETE ON quality_handling
    FOR EACH ROW EXECUTE FUNCTION quality_refuse_change();
"""

BACKWARD = """
DROP TRIGGER handling_is_append_only ON quality_handling;
DROP FUNCTION quality_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[("all", "All"), ("changes", "Changes"), ("spot", "Spot")], max_length=8
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="passed_to",
            field=models.CharField(db_collation="C", max_length=40, null=True),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("passed_to__isnull", False)),
                fields=["passed_to", "unit"],
                name="quality_issue_passed",
            ),
        ),
        migrations.CreateModel(
            name="Handling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.BigIntegerField()),
                ("statement", models.BigIntegerField(null=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("opened_on", models.DateField()),
                ("rule", models.SmallIntegerField()),
                (
                    "act",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Settled"),
                            (2, "Passed On"),
                            (3, "Handed Back"),
                            (4, "Kept"),
                        ]
                    ),
                ),
                ("office", models.CharField(db_collation="C", max_length=40)),
                (
                    "passed_to",
                    models.CharField(blank=True, db_collation="C", default="", max_length=40),
                ),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "rule"], name="quality_handling_issue"),
                    models.Index(fields=["office", "at"], name="quality_handling_office"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
