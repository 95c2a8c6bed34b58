JOIN (
    SELECT id, status, commune FROM population_person
    WHERE id BETWEEN %(first)s AND %(last)s AND status IN (1, 2, 3)
) p ON p.id = f.person_id
