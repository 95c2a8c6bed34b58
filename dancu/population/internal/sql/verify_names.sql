-- People by name and birth date, for those who came without a number that leads to anybody. Names
-- come first; people are fetched by the names found and by the year; dates are compared last.
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::smallint[], %s::text[], %s::text[])
        AS a (place, key, year, births, begins)
)
SELECT a.place, {columns}
FROM asked a
CROSS JOIN LATERAL (
    SELECT p.*, n.full_name
    FROM (
        SELECT id, full_name FROM population_nameform n WHERE n.match_key = a.key OFFSET 0
    ) n
    CROSS JOIN LATERAL (
        SELECT * FROM population_person p
        WHERE p.name_id = n.id AND p.birth_year = a.year AND p.status IN (1, 2, 3) OFFSET 0
    ) p
    LIMIT %s
) p
CROSS JOIN LATERAL (SELECT p.full_name OFFSET 0) n
{birth}
WHERE b.birth = ANY (string_to_array(a.births, ',')) OR b.birth LIKE a.begins
ORDER BY a.place, p.id
