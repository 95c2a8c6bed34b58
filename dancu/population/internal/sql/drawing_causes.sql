-- Why people are not visited any more: not living, elsewhere, or something else about them changed.
UPDATE leaving l
SET cause = CASE WHEN p.status IS DISTINCT FROM 1 THEN 1
                 WHEN p.commune IS DISTINCT FROM %(commune)s
                  AND p.stay_commune IS DISTINCT FROM %(commune)s THEN 2
                 ELSE 3 END
FROM leaving o
LEFT JOIN population_person p ON p.id = o.person_id
WHERE l.person_id = o.person_id
