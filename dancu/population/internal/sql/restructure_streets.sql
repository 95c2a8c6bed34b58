-- Unclear addresses by street and by what decides which split is open; one address stands for each.
SELECT min(found.id), found.street, count(*), sum(found.people), min(found.house),
       max(found.house), count(*) FILTER (WHERE found.house IS NULL)
FROM (
    SELECT a.id, coalesce(a.parts ->> 'street', '') AS street, a.unit_code, a.code_date,
           substring(a.parts ->> 'house' FROM '^\d{1,9}')::int AS house,
           count(DISTINCT lived.person_id) AS people
    {open}
    GROUP BY a.id
) found
LEFT JOIN LATERAL (
    SELECT string_agg(p."on" || ' ' || p.level || ' ' || p.unit_code, ',' ORDER BY p."on", p.level)
           AS ways, bool_or(p.unit_code = '') AS inside
    FROM places_placing p WHERE p.address_id = found.id AND p.replaced_at IS NULL
) placed ON true
LEFT JOIN LATERAL (
    SELECT b.parts ->> 'neighbourhood' AS name
    FROM places_address b WHERE b.id = found.id AND placed.inside
) below ON true
GROUP BY found.street, found.unit_code, found.code_date, placed.ways, below.name
ORDER BY found.street, min(found.id)
LIMIT %(limit)s
