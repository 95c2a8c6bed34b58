CROSS JOIN LATERAL (
    SELECT id, status, commune FROM population_person x
    WHERE x.id = f.person_id AND x.status IN (1, 2, 3) OFFSET 0
) p
