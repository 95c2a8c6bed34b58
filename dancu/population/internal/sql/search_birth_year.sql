-- Everybody of one year in a few communes.
WITH met AS MATERIALIZED (
    SELECT p.*
    FROM unnest(%(area)s::text[]) AS a (commune)
    CROSS JOIN LATERAL (
        SELECT * FROM population_person p
        WHERE p.commune = a.commune AND p.birth_year = %(birth_year)s::smallint
        OFFSET 0
    ) p
    LIMIT %(most)s
), hit AS MATERIALIZED (
    SELECT p.*, n.full_name, n.sort_key
    FROM met p
    LEFT JOIN LATERAL (
        SELECT full_name, sort_key FROM population_nameform n WHERE n.id = p.name_id OFFSET 0
    ) n ON true
    WHERE p.status <> 4 AND {conditions}
)
SELECT {card}, (SELECT count(*) FROM met) >= %(most)s
FROM (SELECT * FROM hit) p
CROSS JOIN LATERAL (SELECT p.full_name AS full_name, p.sort_key AS sort_key) n
ORDER BY p.sort_key, p.id
OFFSET %(offset)s LIMIT %(limit)s
