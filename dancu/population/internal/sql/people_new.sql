-- First records: the index card comes straight from the claims. A person whose first record says
-- nothing of the core facet still gets a card.
INSERT INTO population_person
    (id, address_id, stay_address_id, name_id, status, birth_year, sex, commune, stay_commune,
     pid, old_id_number, household, father_pid, mother_pid)
SELECT e.person_id, c.address_id, c.stay_address_id, c.name_id, coalesce(c.status, 1), c.birth_year,
       c.sex, c.commune, c.stay_commune, c.pid, c.old_id_number, c.household, c.father_pid,
       c.mother_pid
FROM entering e
LEFT JOIN ({card}) c ON c.id = e.person_id
WHERE e.is_new
