(SELECT id, status, commune, household, birth_year, name_id
 FROM population_person
 WHERE id BETWEEN %(first)s AND %(last)s AND status IN (1, 2, 3)) p
