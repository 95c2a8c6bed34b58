-- People registered or staying at addresses that hold all the words. Addresses that begin with the
-- words as typed (house number first) come before those that hold them in that order, and others.
WITH place AS MATERIALIZED (
    SELECT a.id, a.folded, a.unit_now
    FROM places_address a
    WHERE to_tsvector('simple', coalesce(a.folded, ''))
          @@ plainto_tsquery('simple', %(words)s)
), near AS MATERIALIZED (
    SELECT id, folded || ' ' AS folded, unit_now FROM place LIMIT %(most_places)s
), best AS MATERIALIZED (
    SELECT id, folded,
           CASE WHEN starts_with(folded, %(phrase)s) THEN 0
                WHEN strpos(folded, ' ' || %(phrase)s) > 0 THEN 1
                ELSE 2 END AS distance
    FROM near p
    WHERE %(area)s::text[] IS NULL OR p.unit_now = ANY (%(area)s::text[])
    ORDER BY distance, folded
    LIMIT %(most)s
), met AS MATERIALIZED (
    SELECT p.*, b.distance, b.folded, n.match_key, n.sort_key
    FROM best b
    CROSS JOIN LATERAL (
        (SELECT id, name_id, sex, birth_year, status, commune, stay_commune, household
         FROM population_person p WHERE p.address_id = b.id OFFSET 0)
        UNION ALL
        (SELECT id, name_id, sex, birth_year, status, commune, stay_commune, household
         FROM population_person p
         WHERE p.stay_address_id = b.id AND p.address_id IS DISTINCT FROM b.id OFFSET 0)
    ) p
    LEFT JOIN LATERAL (
        SELECT match_key, sort_key FROM population_nameform n WHERE n.id = p.name_id OFFSET 0
    ) n ON true
), hit AS MATERIALIZED (
    SELECT p.id, min(p.distance) AS distance, min(p.folded) AS folded, min(p.household) AS household,
           min(p.birth_year) AS birth_year
    FROM met p
    WHERE p.status <> 4 AND {conditions}
      AND (%(name)s::text IS NULL OR ' ' || p.match_key || ' ' LIKE %(name)s::text)
    GROUP BY p.id
    ORDER BY 2, 3, 4, 5, 1
    OFFSET %(offset)s LIMIT %(limit)s
)
SELECT {card},
       (SELECT count(*) FROM near) >= %(most_places)s OR (SELECT count(*) FROM best) >= %(most)s
FROM hit
CROSS JOIN LATERAL (SELECT * FROM population_person p WHERE p.id = hit.id OFFSET 0) p
LEFT JOIN LATERAL (SELECT * FROM population_nameform n WHERE n.id = p.name_id OFFSET 0) n ON true
ORDER BY hit.distance, hit.folded, hit.household, hit.birth_year, hit.id
