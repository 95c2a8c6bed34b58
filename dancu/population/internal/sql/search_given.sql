-- People by their last syllables, over a wide area: names first, then people, up to a number of them.
WITH form AS MATERIALIZED (
    SELECT n.id, n.sort_key, n.full_name LIKE ANY (%(spellings)s::text[]) AS is_exact
    FROM population_nameform n
    WHERE reverse(n.match_key) >= %(start)s AND reverse(n.match_key) < %(end)s
), met AS MATERIALIZED (
    SELECT p.*, f.sort_key, CASE WHEN f.is_exact THEN 0 ELSE 1 END AS tier
    FROM (SELECT * FROM form ORDER BY is_exact DESC, sort_key) f
    CROSS JOIN LATERAL (
        SELECT id, birth_year, sex, status, commune, stay_commune
        FROM population_person p
        WHERE p.name_id = f.id
          AND (%(birth_year)s::smallint IS NULL OR p.birth_year = %(birth_year)s::smallint)
        OFFSET 0
    ) p
    LIMIT %(most)s
), hit AS MATERIALIZED (
    SELECT p.id, p.tier, p.sort_key, p.birth_year
    FROM met p
    WHERE p.status <> 4 AND {conditions}
    ORDER BY p.tier, p.sort_key, p.birth_year, p.id
    OFFSET %(offset)s LIMIT %(limit)s
)
SELECT {card}, hit.tier, (SELECT count(*) FROM met) >= %(most)s
FROM hit
CROSS JOIN LATERAL (SELECT * FROM population_person p WHERE p.id = hit.id OFFSET 0) p
CROSS JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n
ORDER BY hit.tier, hit.sort_key, hit.birth_year, hit.id
