-- Some people, and everybody of the households that they belong or ever belonged to.
WITH asked AS MATERIALIZED (
    SELECT unnest(%(keys)s::bigint[]) AS id
), numbers AS MATERIALIZED (
    SELECT DISTINCT s.number
    FROM asked a
    CROSS JOIN LATERAL (
        SELECT claims ->> %(household)s AS number FROM population_statement o
        WHERE o.person_id = a.id AND o.claims ? %(household)s OFFSET 0
    ) s
)
SELECT id FROM asked
UNION
SELECT m.id
FROM numbers n
CROSS JOIN LATERAL (
    SELECT id FROM population_person o WHERE o.household = n.number OFFSET 0
) m
