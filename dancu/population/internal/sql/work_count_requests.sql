-- How many requests wait in the area, and how many of them are overdue; no more than a cap.
SELECT count(*), count(*) FILTER (WHERE due_at < %(at)s)
FROM (
    SELECT r.due_at
    FROM population_correctionrequest r
    CROSS JOIN LATERAL (
        SELECT p.id FROM population_person p
        WHERE p.id = r.person_id
          AND (p.commune = ANY (%(area)s::text[]) OR p.stay_commune = ANY (%(area)s::text[]))
        OFFSET 0
    ) p
    WHERE r.state = 'waiting'
    ORDER BY r.due_at, r.id
    LIMIT %(most)s
) waiting
