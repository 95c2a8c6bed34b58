-- Index cards by key or by PID; those merged into another person give way to the other.
WITH asked AS MATERIALIZED (
    SELECT i.id AS person_id, i.id AS id, NULL::text AS pid FROM unnest(%(ids)s::bigint[]) AS i (id)
    UNION ALL
    SELECT k.person_id, NULL, k.pid
    FROM unnest(%(pids)s::text[]) AS n (pid)
    CROSS JOIN LATERAL (
        SELECT person_id, pid FROM population_pid k WHERE k.pid = n.pid OFFSET 0
    ) k
)
SELECT {card}, a.id, a.pid
FROM asked a
CROSS JOIN LATERAL (
    SELECT id, merged_into_id FROM population_person p WHERE p.id = a.person_id OFFSET 0
) held
CROSS JOIN LATERAL (
    SELECT * FROM population_person p WHERE p.id = coalesce(held.merged_into_id, held.id) OFFSET 0
) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
