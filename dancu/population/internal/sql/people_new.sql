-- First records: the index card comes straight from the claims.
WITH first AS (
    SELECT person_id, claims FROM entering WHERE is_new AND facet = {core}
)
INSERT INTO population_person
    (id, address_id, stay_address_id, name_id, status, birth_year, sex, commune, stay_commune,
     pid, old_id_number, household, father_pid, mother_pid)
SELECT person_id, address_id, stay_address_id, name_id, status, birth_year, sex, commune,
       stay_commune, pid, old_id_number, household, father_pid, mother_pid
FROM ({card}) c
UNION ALL
-- Somebody of whom the first record says nothing of the core facet gets a card all the same.
SELECT person_id, NULL, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM entering e
WHERE is_new AND e.facet <> {core}
