-- Those of the commune with a notice of lodging: where they lodge, if that is here.
SELECT f.person_id, CASE WHEN l.id IS NULL THEN f.basis ELSE 3 END AS basis,
       coalesce(l.id, f.address_id) AS address_id, f.household
FROM ({residents}) f
CROSS JOIN LATERAL (
    SELECT statement_id, overrides FROM population_golden o
    WHERE o.person_id = f.person_id AND o.facet = {facet} OFFSET 0
) g
LEFT JOIN LATERAL (
    SELECT claims FROM population_statement s
    WHERE s.person_id = f.person_id AND s.id = g.statement_id OFFSET 0
) b ON true
LEFT JOIN LATERAL (
    SELECT id FROM places_address o
    WHERE o.id = (CASE WHEN g.overrides ? '{key}' THEN g.overrides -> '{key}' ->> 0
                       ELSE b.claims ->> '{key}' END)::bigint
      AND o.unit_now = %(commune)s OFFSET 0
) l ON true
