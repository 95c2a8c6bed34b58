-- Keep where people lodge by a notice, of those of whom something has been said about it.
WITH held AS MATERIALIZED (
    SELECT f.person_id, ({lodging})::bigint AS address_id,
           -- A day known only by its month or year ends nothing.
           CASE WHEN length({lodging_until}) = 10 THEN ({lodging_until})::date END AS until,
           coalesce(date '1800-01-01' + (f.above -> '{key}' ->> 3)::integer, f.valid_from) AS day
    FROM (
        SELECT g.person_id, g.valid_from, g.overrides AS above, b.claims AS base
        FROM ({touched}) t
        CROSS JOIN LATERAL (
            SELECT person_id, statement_id, valid_from, overrides FROM population_golden o
            WHERE o.person_id = t.person_id AND o.facet = {facet} OFFSET 0
        ) g
        LEFT JOIN LATERAL (
            SELECT claims FROM population_statement s
            WHERE s.person_id = t.person_id AND s.id = g.statement_id OFFSET 0
        ) b ON true
    ) f
), gone AS (
    DELETE FROM population_lodger l USING held h
    WHERE l.person_id = h.person_id AND h.address_id IS NULL
)
INSERT INTO population_lodger (person_id, address_id, day, until)
SELECT person_id, address_id, day, until FROM held WHERE address_id IS NOT NULL
ON CONFLICT (person_id) DO UPDATE
SET address_id = excluded.address_id, day = excluded.day, until = excluded.until
