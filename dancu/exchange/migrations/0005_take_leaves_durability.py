"""Taking from the quota no longer decides how durable the caller's transaction is.

Batches take in the transaction that writes access records, which has to be on disk before anybody
is answered.
"""

from __future__ import annotations

from django.db import migrations

_HEAD = """
CREATE OR REPLACE FUNCTION exchange_take(
    p_day date, p_national bigint, p_contracts text[], p_shares bigint[], p_wanted bigint[],
    p_requests bigint[]
) RETURNS TABLE (granted bigint, own_left bigint, national_left bigint)
LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
    used bigint;
    i int;
BEGIN
"""
_BODY = """
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
_HURRY = "PERFORM set_config('synchronous_commit', 'off', true);"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_feed")]

    operations = [migrations.RunSQL(_HEAD + _BODY, _HEAD + _HURRY + _BODY)]
