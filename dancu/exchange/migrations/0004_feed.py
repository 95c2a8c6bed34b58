"""Tables of the feed, and an index that finds statements by their number."""

import django.contrib.postgres.fields
from django.db import migrations, models

#: Statements lie nearly in the order of their numbers: a summary for each run of pages is enough,
#: and costs the door in next to nothing.
BY_NUMBER = """
CREATE INDEX IF NOT EXISTS population_statement_by_id ON population_statement
    USING brin (id) WITH (pages_per_range = 32, autosummarize = on)
"""
NOT_BY_NUMBER = "DROP INDEX IF EXISTS population_statement_by_id"


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0003_batches"),
        ("population", "0005_stays_elsewhere"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEvent",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("event", models.UUIDField()),
                ("contract", models.CharField(db_collation="C", max_length=60)),
                ("subscription_id", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField()),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("death", "death"),
                            ("name_change", "name_change"),
                            ("move", "move"),
                            ("pid_cancelled", "pid_cancelled"),
                            ("card_issued", "card_issued"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("happened", "happened"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("statement", models.BigIntegerField()),
                ("former", models.BigIntegerField()),
                ("noticed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contract", "position"], name="exchange_feed_order"),
                    models.Index(fields=["noticed_at"], name="exchange_feed_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedState",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("statement", models.BigIntegerField()),
                ("annulment", models.BigIntegerField()),
                ("marked_statement", models.BigIntegerField()),
                ("marked_annulment", models.BigIntegerField()),
                ("marked_transaction", models.BigIntegerField()),
                ("marked_at", models.DateTimeField()),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="exchange_feed_one_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("statement__lte", models.F("marked_statement")),
                            ("annulment__lte", models.F("marked_annulment")),
                        ),
                        name="exchange_feed_reads_what_it_marked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=32, unique=True)),
                ("contract", models.CharField(db_collation="C", max_length=60)),
                ("person_id", models.BigIntegerField()),
                ("purpose", models.CharField(db_collation="C", max_length=60)),
                ("reference", models.CharField(blank=True, max_length=100)),
                ("client_id", models.BigIntegerField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=8)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["contract", "id"],
                        name="exchange_subscription_list",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person_id", "contract"),
                        name="exchange_subscription_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=32, unique=True)),
                ("contract", models.CharField(db_collation="C", max_length=60)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client", models.CharField(max_length=120)),
                ("address", models.CharField(max_length=500)),
                (
                    "changes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "Unconfirmed"),
                            ("active", "Active"),
                            ("off", "Off"),
                            ("ended", "Ended"),
                        ],
                        default="unconfirmed",
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(blank=True, db_collation="C", max_length=40)),
                ("told", models.BigIntegerField()),
                ("telling", models.BigIntegerField(default=0)),
                ("delivery", models.CharField(blank=True, db_collation="C", max_length=32)),
                ("record", models.BigIntegerField(default=0)),
                ("rate", models.IntegerField(default=0)),
                ("attempts", models.IntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_status", models.IntegerField(null=True)),
                ("last_problem", models.CharField(blank=True, db_collation="C", max_length=40)),
                ("last_tried_at", models.DateTimeField(null=True)),
                ("last_taken_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField()),
                ("held_until", models.DateTimeField()),
                ("holder", models.CharField(blank=True, db_collation="C", max_length=32)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contract", "id"], name="exchange_webhook_contract"),
                    models.Index(
                        condition=models.Q(("state__in", ["unconfirmed", "active"])),
                        fields=["next_at"],
                        name="exchange_webhook_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("contract", "address"),
                        name="exchange_webhook_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BY_NUMBER, NOT_BY_NUMBER),
    ]
