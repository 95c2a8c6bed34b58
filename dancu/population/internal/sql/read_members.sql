SELECT {card}, g.relationship
FROM (SELECT * FROM population_person p WHERE p.household = %(household)s OFFSET 0) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN g.overrides ? %(relationship)s::text
                THEN g.overrides -> %(relationship)s::text ->> 0
                ELSE b.claims ->> %(relationship)s::text END AS relationship
    FROM population_golden g
    LEFT JOIN population_statement b ON b.person_id = g.person_id AND b.id = g.statement_id
    WHERE g.person_id = p.id AND g.facet = 0
    OFFSET 0
) g ON true
WHERE p.status NOT IN (2, 4, 5)
ORDER BY g.relationship = 'CHU_HO' DESC NULLS LAST, p.birth_year, n.sort_key, p.id
