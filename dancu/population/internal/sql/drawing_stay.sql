SELECT id AS person_id, 2 AS basis, stay_address_id AS address_id,
       coalesce(household, '') AS household
FROM population_person
WHERE stay_commune = %(commune)s AND status IN (1, 2, 3)
UNION ALL
SELECT id, 2, stay_address_id, coalesce(household, '')
FROM population_person
WHERE commune = %(commune)s AND stay_commune IS NULL AND stay_address_id IS NOT NULL
  AND status IN (1, 2, 3)
