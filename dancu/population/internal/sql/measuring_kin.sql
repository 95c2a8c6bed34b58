-- Some people, and the children who name one of their numbers.
WITH asked AS MATERIALIZED (
    SELECT unnest(%(keys)s::bigint[]) AS id
), numbers AS MATERIALIZED (
    SELECT n.pid
    FROM asked a
    CROSS JOIN LATERAL (
        SELECT pid FROM population_pid o WHERE o.person_id = a.id OFFSET 0
    ) n
)
SELECT id FROM asked
UNION
SELECT c.id
FROM numbers n
CROSS JOIN LATERAL (
    SELECT id FROM population_person o WHERE o.father_pid = n.pid
    UNION ALL
    SELECT id FROM population_person o WHERE o.mother_pid = n.pid
    OFFSET 0
) c
