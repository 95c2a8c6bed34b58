SELECT {card}
FROM (SELECT * FROM population_person p WHERE p.household = %(household)s OFFSET 0) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
WHERE p.status <> 4 AND {conditions}
ORDER BY p.birth_year, n.sort_key, p.id
OFFSET %(offset)s LIMIT %(limit)s
