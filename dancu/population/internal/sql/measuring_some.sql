(SELECT x.*
 FROM unnest(%(keys)s::bigint[]) AS k (id)
 CROSS JOIN LATERAL (
     SELECT id, status, commune, household, birth_year, name_id
     FROM population_person o WHERE o.id = k.id AND o.status IN (1, 2, 3) OFFSET 0
 ) x) p
