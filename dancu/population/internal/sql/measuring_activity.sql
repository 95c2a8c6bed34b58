-- The last day from which a register that knows only the living said something of somebody dead.
LEFT JOIN LATERAL (
    SELECT max(greatest(g.valid_from, (
        SELECT max((e.value ->> 3)::integer) + date '1800-01-01'
        FROM jsonb_each(g.overrides) e)))::text AS latest_activity
    FROM population_golden g
    WHERE p.status = 2 AND g.person_id = p.id AND g.facet IN ({active}) OFFSET 0
) z ON true
