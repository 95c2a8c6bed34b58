-- Those whom the person names by PID, their children by any PID of theirs, and whoever shares a parent.
WITH named AS MATERIALIZED (
    SELECT g.role, k.person_id
    FROM unnest(%(roles)s::text[], %(pids)s::text[]) AS g (role, pid)
    CROSS JOIN LATERAL (SELECT person_id FROM population_pid k WHERE k.pid = g.pid OFFSET 0) k
), own AS MATERIALIZED (
    SELECT pid FROM population_pid WHERE person_id = %(person)s
), parent AS MATERIALIZED (
    SELECT a.pid
    FROM unnest(%(parents)s::text[]) AS g (pid)
    CROSS JOIN LATERAL (SELECT person_id FROM population_pid k WHERE k.pid = g.pid OFFSET 0) k
    CROSS JOIN LATERAL (SELECT pid FROM population_pid a WHERE a.person_id = k.person_id OFFSET 0) a
), kin AS MATERIALIZED (
    SELECT role, person_id FROM named
    UNION
    SELECT 'child', c.id
    FROM own
    CROSS JOIN LATERAL (
        (SELECT id FROM population_person p WHERE p.father_pid = own.pid OFFSET 0)
        UNION ALL
        (SELECT id FROM population_person p WHERE p.mother_pid = own.pid OFFSET 0)
    ) c
    UNION
    SELECT 'sibling', s.id
    FROM parent
    CROSS JOIN LATERAL (
        (SELECT id FROM population_person p WHERE p.father_pid = parent.pid OFFSET 0)
        UNION ALL
        (SELECT id FROM population_person p WHERE p.mother_pid = parent.pid OFFSET 0)
    ) s
    WHERE s.id <> %(person)s
)
SELECT {card}, kin.role
FROM kin
CROSS JOIN LATERAL (SELECT * FROM population_person p WHERE p.id = kin.person_id OFFSET 0) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
WHERE p.status <> 4
ORDER BY kin.role, p.birth_year, p.id
