-- People as linkage compares them, in the order of their keys. Merged and cancelled records are left out.
SELECT p.id::text, coalesce(n.full_name, ''), coalesce(f.birth_date, ''), coalesce(p.sex, ''),
       coalesce(p.pid, ''), coalesce(p.old_id_number, ''), coalesce(f.father_name, ''),
       coalesce(f.mother_name, ''), coalesce(born.unit_now, ''), coalesce(p.commune, ''),
       coalesce(home.text, ''), coalesce(c.phone, '')
FROM (
    SELECT * FROM population_person p
    WHERE p.id > %(after)s AND p.status IN (1, 2, 3) ORDER BY p.id LIMIT %(limit)s
) p
LEFT JOIN LATERAL (
    SELECT full_name FROM population_nameform n WHERE n.id = p.name_id OFFSET 0
) n ON true
LEFT JOIN LATERAL (
    SELECT {birth_date} AS birth_date, {father_name} AS father_name,
           {mother_name} AS mother_name, {birth_place} AS birth_place
    FROM population_golden g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = g.person_id AND s.id = g.statement_id OFFSET 0
    ) b ON true
    WHERE g.person_id = p.id AND g.facet = %(core)s
    OFFSET 0
) f ON true
LEFT JOIN LATERAL (
    SELECT {phone} AS phone
    FROM population_golden g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = g.person_id AND s.id = g.statement_id OFFSET 0
    ) b ON true
    WHERE g.person_id = p.id AND g.facet = %(contact)s
    OFFSET 0
) c ON true
LEFT JOIN LATERAL (
    SELECT unit_now FROM places_address a WHERE a.id = f.birth_place::bigint OFFSET 0
) born ON true
LEFT JOIN LATERAL (
    SELECT text FROM places_address a WHERE a.id = p.address_id OFFSET 0
) home ON true
ORDER BY p.id
