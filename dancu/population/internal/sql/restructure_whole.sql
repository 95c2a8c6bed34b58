-- People by the commune of their home, and whether it is sure that they live there.
SELECT a.unit_now, a.unit_now_is_sure, count(DISTINCT p.address_id), count(*)
FROM population_person p
JOIN places_address a ON a.id = p.address_id
WHERE p.commune = ANY (%(units)s::text[]) AND p.status IN (1, 3)
GROUP BY 1, 2
