-- People by candidate names. Names come first and in order; each is then looked up among people.
WITH form AS MATERIALIZED (
    SELECT f.id, f.tier, n.sort_key
    FROM unnest(%(forms)s::bigint[], %(tiers)s::smallint[]) AS f (id, tier)
    CROSS JOIN LATERAL (
        SELECT sort_key FROM population_nameform n WHERE n.id = f.id OFFSET 0
    ) n
), met AS MATERIALIZED (
    SELECT p.*, f.tier, f.sort_key
    FROM (SELECT * FROM form ORDER BY tier, sort_key) f
    CROSS JOIN LATERAL (
        SELECT id, birth_year, sex, status, commune, stay_commune
        FROM population_person p
        WHERE p.name_id = f.id
          AND (%(birth_year)s::smallint IS NULL OR p.birth_year = %(birth_year)s::smallint)
        OFFSET 0
    ) p
    LIMIT %(most)s
), hit AS MATERIALIZED (
    SELECT p.id, p.tier AS tier, p.sort_key, p.birth_year
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
