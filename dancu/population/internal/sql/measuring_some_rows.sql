(SELECT x.*
 FROM unnest(%(keys)s::bigint[]) AS k (id)
 CROSS JOIN LATERAL (
     SELECT person_id, statement_id, valid_from, overrides, disputed
     FROM population_golden g WHERE g.person_id = k.id AND g.facet = {facet} OFFSET 0
 ) x) f
