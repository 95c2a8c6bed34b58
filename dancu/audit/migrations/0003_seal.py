"""The seal over the logs: leaves, nodes, keys and signed heads, all of them append-only."""

from django.db import migrations, models

APPEND_ONLY = ("leaf", "node", "signingkey", "treehead")
FORWARD = "".join(
    f"CREATE TRIGGER {name}_is_append_only BEFORE UPDATE OR DELETE ON audit_{name} "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();\n"
    for name in APPEND_ONLY
) + """
-- Hashes do not compress, and are read whole.
ALTER TABLE audit_leaf ALTER COLUMN salt SET STORAGE PLAIN, ALTER COLUMN hash SET STORAGE PLAIN;
ALTER TABLE audit_node ALTER COLUMN hash SET STORAGE PLAIN;
"""
BACKWARD = "".join(f"DROP TRIGGER {name}_is_append_only ON audit_{name};\n" for name in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="LeafSource",
            fields=[
                ("number", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(db_collation="C", max_length=40, unique=True)),
                ("floor", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.SmallIntegerField()),
                ("version", models.SmallIntegerField()),
                ("record", models.BigIntegerField()),
                ("salt", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "record"), name="audit_leaf_record")
                ],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verifier", models.CharField(db_collation="C", max_length=200, unique=True)),
                ("public", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("introduction", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["size", "id"], name="audit_head_size")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
