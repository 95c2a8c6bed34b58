-- Addresses of homes and stays in these communes of which a split left open where they lie now.
SELECT a.id, a.text, a.parts ->> 'street', a.parts ->> 'house', a.unit_code, a.code_date, a.unit_now,
       a.unit_now_is_sure, a.parts, lived.people
FROM (
    SELECT p.address_id AS id, count(*) AS people
    FROM (
        SELECT address_id FROM population_person
        WHERE commune = ANY (%(units)s::text[]) AND status IN (1, 3)
        UNION ALL
        SELECT stay_address_id FROM population_person
        WHERE stay_commune = ANY (%(units)s::text[]) AND status IN (1, 3)
    ) p
    GROUP BY 1
) lived
JOIN places_address a ON a.id = lived.id
WHERE NOT a.unit_now_is_sure AND a.unit_now = ANY (%(units)s::text[])
ORDER BY a.parts ->> 'street', length(a.parts ->> 'house'), a.parts ->> 'house', a.id
LIMIT %(limit)s OFFSET %(offset)s
