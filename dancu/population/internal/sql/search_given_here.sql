-- People by their last syllables in a few communes: both sides are small, so they are joined.
WITH form AS MATERIALIZED (
    SELECT n.id, n.sort_key, n.full_name LIKE ANY (%(spellings)s::text[]) AS is_exact
    FROM population_nameform n
    WHERE reverse(n.match_key) >= %(start)s AND reverse(n.match_key) < %(end)s
), here AS MATERIALIZED (
    SELECT DISTINCT p.id, p.name_id, p.birth_year
    FROM unnest(%(area)s::text[]) AS a (commune)
    CROSS JOIN LATERAL (
        (SELECT id, name_id, birth_year FROM population_person p WHERE p.commune = a.commune
            AND (%(birth_year)s::smallint IS NULL OR p.birth_year = %(birth_year)s::smallint)
         OFFSET 0)
        UNION ALL
        (SELECT id, name_id, birth_year FROM population_person p WHERE p.stay_commune = a.commune
            AND (%(birth_year)s::smallint IS NULL OR p.birth_year = %(birth_year)s::smallint)
         OFFSET 0)
    ) p
), met AS MATERIALIZED (
    SELECT h.id, h.birth_year, f.sort_key, CASE WHEN f.is_exact THEN 0 ELSE 1 END AS tier
    FROM here h
    JOIN form f ON f.id = h.name_id
    ORDER BY tier, f.sort_key, h.birth_year, h.id
    LIMIT %(most)s
)
SELECT {card}, met.tier, (SELECT count(*) FROM met) >= %(most)s
FROM met
CROSS JOIN LATERAL (SELECT * FROM population_person p WHERE p.id = met.id OFFSET 0) p
CROSS JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n
WHERE p.status <> 4 AND {conditions}
ORDER BY met.tier, met.sort_key, met.birth_year, met.id
OFFSET %(offset)s LIMIT %(limit)s
