-- How many of the newest open conflicts were looked through, and how many of them are in the area.
SELECT count(*), count(p.id)
FROM (
    SELECT c.person_id
    FROM population_conflict c
    WHERE c.settled_at IS NULL
      AND c.attribute = ANY (%(attributes)s::smallint[])
      AND c.source_id <> ALL (%(citizens)s::smallint[])
    ORDER BY c.opened_at DESC, c.person_id, c.attribute, c.statement_id
    LIMIT %(most)s
) c
LEFT JOIN LATERAL (
    SELECT p.id FROM population_person p
    WHERE p.id = c.person_id AND p.status <> 4
      AND (p.commune = ANY (%(area)s::text[]) OR p.stay_commune = ANY (%(area)s::text[]))
    OFFSET 0
) p ON true
