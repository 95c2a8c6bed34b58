"""Usage by day and contract, approved exceptions, and the function that takes from the quota."""

from __future__ import annotations

from django.db import migrations, models

# One call for all contracts of a batch. The country's row is locked first, so that two processes
# never grant the same record twice, and for no longer than the call: the count need not be on disk
# before anybody is answered, since every answer leaves an access record that is.
TAKE = """
CREATE FUNCTION exchange_take(
    p_day date, p_national bigint, p_contracts text[], p_shares bigint[], p_wanted bigint[],
    p_requests bigint[]
) RETURNS TABLE (granted bigint, own_left bigint, national_left bigint)
LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
    used bigint;
    i int;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO exchange_usage AS u (day, contract, records, requests, refused)
    SELECT p_day, c, 0, 0, 0 FROM unnest(array_prepend('', p_contracts)) AS c
    WHERE NOT EXISTS (SELECT 1 FROM exchange_usage e WHERE e.day = p_day AND e.contract = c)
    ORDER BY c
    ON CONFLICT DO NOTHING;
    SELECT p_national + coalesce(sum(e.records), 0) INTO total FROM exchange_approvedexception e
    WHERE e.day = p_day AND e.contract = '' AND e.withdrawn_at IS NULL;
    SELECT greatest(total - u.records, 0) INTO national_left FROM exchange_usage u
    WHERE u.day = p_day AND u.contract = '' FOR UPDATE;
    FOR i IN 1 .. cardinality(p_contracts) LOOP
        SELECT u.records INTO used FROM exchange_usage u
        WHERE u.day = p_day AND u.contract = p_contracts[i] FOR UPDATE;
        SELECT greatest(p_shares[i] + coalesce(sum(e.records), 0) - used, 0) INTO own_left
        FROM exchange_approvedexception e
        WHERE e.day = p_day AND e.contract = p_contracts[i] AND e.withdrawn_at IS NULL;
        granted := least(p_wanted[i], own_left, national_left);
        UPDATE exchange_usage u SET records = u.records + granted,
            requests = u.requests + p_requests[i],
            refused = u.refused + p_wanted[i] - granted
        WHERE u.day = p_day AND u.contract IN ('', p_contracts[i]);
        own_left := own_left - granted;
        national_left := national_left - granted;
        RETURN NEXT;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "contract",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("contract", models.CharField(db_collation="C", max_length=60)),
                ("records", models.BigIntegerField(default=0)),
                ("requests", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ApprovedException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract", models.CharField(blank=True, db_collation="C", max_length=60)),
                ("day", models.DateField()),
                ("records", models.BigIntegerField()),
                ("approved_by", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("approved_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["day", "contract"], name="exchange_exception_day")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("records__gt", 0)), name="exchange_exception_adds"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            TAKE, "DROP FUNCTION exchange_take(date, bigint, text[], bigint[], bigint[], bigint[])"
        ),
    ]
