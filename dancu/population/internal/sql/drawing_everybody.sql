-- Everybody found in a commune, each once: where they stay before where their home is.
INSERT INTO drawn
SELECT f.person_id, f.basis, a.id, f.household,
       coalesce(g.unit_code, ''), coalesce(a.parts ->> 'neighbourhood', ''),
       CASE WHEN a.unit_code <> a.unit_now THEN a.unit_code ELSE '' END, a.code_date,
       coalesce(a.parts ->> 'street', ''), coalesce(a.parts ->> 'house', '')
FROM (
    SELECT DISTINCT ON (person_id) person_id, basis, address_id, household
    FROM ({found}) everybody
    ORDER BY person_id, basis DESC
) f
LEFT JOIN LATERAL (
    SELECT id, parts, unit_code, unit_now, code_date
    FROM places_address o WHERE o.id = f.address_id OFFSET 0
) a ON true
LEFT JOIN LATERAL (
    SELECT unit_code FROM places_placing o
    WHERE o.address_id = f.address_id AND o.level = 'neighbourhood' AND o.replaced_at IS NULL
      AND o.unit_code <> ''
    ORDER BY o.on DESC LIMIT 1
) g ON true
