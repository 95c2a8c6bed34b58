-- Those who lodge in the commune by a notice, wherever their home is. A guest house is one door,
-- whoever of whichever household sleeps there.
SELECT l.person_id, 3 AS basis, l.address_id, '' AS household
FROM places_address a
JOIN population_lodger l ON l.address_id = a.id
JOIN population_person p ON p.id = l.person_id
WHERE a.unit_now = %(commune)s AND p.status IN (1, 2, 3)
  AND coalesce(l.until, l.day + %(most)s) >= %(since)s
