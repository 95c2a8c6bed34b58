-- The communes on index cards after addresses went to other units, of those who stay nowhere else;
-- as card.sql computes them. Nearly everybody is one of them.
UPDATE population_person p
SET commune = nullif(home.unit_now, '')
FROM places_address home
WHERE home.id = p.address_id AND p.stay_address_id IS NULL
  AND p.commune = ANY (%(units)s::text[])
  AND p.commune IS DISTINCT FROM nullif(home.unit_now, '')
