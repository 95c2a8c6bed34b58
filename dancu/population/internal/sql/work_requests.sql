-- Requests that wait, by the time they are due, of people who live or stay in the area today.
SELECT {columns}
FROM population_correctionrequest r
CROSS JOIN LATERAL (
    SELECT p.id FROM population_person p
    WHERE p.id = r.person_id
      AND (p.commune = ANY (%(area)s::text[]) OR p.stay_commune = ANY (%(area)s::text[]))
    OFFSET 0
) p
WHERE r.state = 'waiting'
ORDER BY r.due_at, r.id
LIMIT %(limit)s OFFSET %(offset)s
