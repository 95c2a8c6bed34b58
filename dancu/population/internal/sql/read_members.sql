SELECT {card}, g.facts ->> %(relationship)s::text
FROM (SELECT * FROM population_person p WHERE p.household = %(household)s OFFSET 0) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
LEFT JOIN LATERAL (
    SELECT facts FROM population_golden g WHERE g.person_id = p.id AND g.facet = 0 OFFSET 0
) g ON true
WHERE p.status NOT IN (2, 4, 5)
ORDER BY g.facts ->> %(relationship)s::text = 'CHU_HO' DESC NULLS LAST, p.birth_year, n.sort_key, p.id
