-- Open conflicts, begun from the people who live or stay in an area of few communes.
FROM (
    SELECT p.id FROM population_person p
    WHERE p.commune = ANY (%(area)s::text[]) AND p.status <> 4
    UNION
    SELECT p.id FROM population_person p
    WHERE p.stay_commune = ANY (%(area)s::text[]) AND p.status <> 4
) p
CROSS JOIN LATERAL (
    SELECT * FROM population_conflict c
    WHERE c.person_id = p.id
      AND c.settled_at IS NULL
      AND c.attribute = ANY (%(attributes)s::smallint[])
      AND c.source_id <> ALL (%(citizens)s::smallint[])
    OFFSET 0
) c
