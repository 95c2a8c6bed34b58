-- Where those of whom something is to be mended live: street, home, number of the house. Looked up
-- one by one: they are of one ward, and the tables hold the whole country.
WITH burden AS (
    SELECT b.*, w.id IS NOT NULL AS is_awaited
    FROM unnest(%(people)s::bigint[], %(issues)s::integer[], %(blocking)s::integer[])
        AS b (person_id, issues, blocking)
    LEFT JOIN unnest(%(awaited)s::bigint[]) AS w (id) ON w.id = b.person_id
), placed AS (
    SELECT b.person_id, b.issues, b.blocking, b.is_awaited,
           coalesce('h' || p.household, 'a' || p.address_id, 'p' || p.id) AS home,
           coalesce(nullif(a.parts ->> 'street', ''), nullif(a.parts ->> 'neighbourhood', ''), '')
               AS street,
           a.parts ->> 'house' AS house
    FROM burden b
    CROSS JOIN LATERAL (
        SELECT id, household, address_id FROM population_person o WHERE o.id = b.person_id OFFSET 0
    ) p
    LEFT JOIN LATERAL (
        SELECT parts FROM places_address o WHERE o.id = p.address_id OFFSET 0
    ) a ON true
)
