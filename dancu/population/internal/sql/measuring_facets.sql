-- Of whom each facet knows anything.
SELECT g.facet, array_agg(k.id)
FROM unnest(%s::bigint[]) AS k (id)
CROSS JOIN LATERAL (
    SELECT facet FROM population_golden o WHERE o.person_id = k.id OFFSET 0
) g
GROUP BY g.facet
