-- Everybody of one year who lives (in a few communes: or stays) there, up to a number of them.
WITH taken AS MATERIALIZED (
    SELECT p.id
    FROM unnest(%(area)s::text[]) AS a (commune)
    CROSS JOIN LATERAL (
        (SELECT id FROM population_person p
         WHERE p.commune = a.commune AND p.birth_year = %(birth_year)s::smallint
         OFFSET 0)
        UNION ALL
        (SELECT id FROM population_person p
         WHERE %(few)s AND p.stay_commune = a.commune AND p.birth_year = %(birth_year)s::smallint
         OFFSET 0)
    ) p
    LIMIT %(most)s
), met AS MATERIALIZED (
    SELECT DISTINCT id FROM taken
), hit AS MATERIALIZED (
    SELECT p.id, n.sort_key
    FROM met
    CROSS JOIN LATERAL (SELECT * FROM population_person p WHERE p.id = met.id OFFSET 0) p
    LEFT JOIN LATERAL (
        SELECT sort_key FROM population_nameform n WHERE n.id = p.name_id OFFSET 0
    ) n ON true
    WHERE p.status <> 4 AND {conditions}
    ORDER BY n.sort_key, p.id
    OFFSET %(offset)s LIMIT %(limit)s
)
SELECT {card}, (SELECT count(*) FROM taken) >= %(most)s
FROM hit
CROSS JOIN LATERAL (SELECT * FROM population_person p WHERE p.id = hit.id OFFSET 0) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
ORDER BY hit.sort_key, hit.id
