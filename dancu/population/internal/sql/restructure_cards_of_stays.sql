-- The same of those who stay somewhere else than at home.
UPDATE population_person p
SET commune = c.commune, stay_commune = c.stay_commune
FROM (
    SELECT q.ctid AS place, nullif(home.unit_now, '') AS commune,
           nullif(nullif(stay.unit_now, ''), home.unit_now) AS stay_commune
    FROM population_person q
    LEFT JOIN places_address home ON home.id = q.address_id
    LEFT JOIN places_address stay ON stay.id = q.stay_address_id
    WHERE q.stay_address_id IS NOT NULL
      AND (q.commune = ANY (%(units)s::text[]) OR q.stay_commune = ANY (%(units)s::text[]))
) c
WHERE p.ctid = c.place
  AND (p.commune, p.stay_commune) IS DISTINCT FROM (c.commune, c.stay_commune)
