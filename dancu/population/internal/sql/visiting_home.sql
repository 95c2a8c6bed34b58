-- Everybody of the household of a person; without a household, those of the same address who have none.
SELECT m.id
FROM population_person p
CROSS JOIN LATERAL (
    SELECT o.id, o.birth_year FROM population_person o
    WHERE o.household = p.household AND o.status IN (1, 2, 3)
    UNION ALL
    SELECT o.id, o.birth_year FROM population_person o
    WHERE p.household IS NULL AND o.household IS NULL AND o.address_id = p.address_id
      AND o.status IN (1, 2, 3)
    UNION
    SELECT p.id, p.birth_year
) m
WHERE p.id = %(person)s
ORDER BY m.birth_year NULLS LAST, m.id
LIMIT %(most)s
