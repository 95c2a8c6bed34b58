SELECT id AS person_id, 1 AS basis, address_id, coalesce(household, '') AS household
FROM population_person
WHERE commune = %(commune)s AND status IN (1, 2, 3)
