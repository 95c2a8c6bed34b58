SELECT f.person_id, f.basis, f.address_id, f.household
FROM ({residents}) f
WHERE EXISTS (
    SELECT FROM population_pid n
    WHERE n.person_id = f.person_id AND n.cancelled_on IS NOT NULL)
