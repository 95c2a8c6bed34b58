SELECT person_id FROM population_statement WHERE id > %s AND id <= %s
UNION
SELECT person_id FROM population_annulment WHERE id > %s AND id <= %s
