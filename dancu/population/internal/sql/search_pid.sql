-- A number, valid or cancelled, of a person or of one merged into another.
SELECT {card}
FROM population_pid k
CROSS JOIN LATERAL (
    SELECT id, merged_into_id FROM population_person p WHERE p.id = k.person_id OFFSET 0
) held
CROSS JOIN LATERAL (
    SELECT * FROM population_person p WHERE p.id = coalesce(held.merged_into_id, held.id) OFFSET 0
) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
WHERE k.pid = %(pid)s AND {conditions}
ORDER BY p.id
OFFSET %(offset)s LIMIT %(limit)s
