-- The same as work_conflicts for an area of few communes, begun from the people who live or stay there.
SELECT w.*, t.valid_from, t.evidence_kind_id, o.source_id, o.valid_from, o.evidence_kind_id
FROM (
    SELECT c.person_id, c.attribute, c.statement_id, c.source_id, c.opened_at, c.against_id
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
    ORDER BY c.opened_at DESC, c.person_id, c.attribute, c.statement_id
    LIMIT %(limit)s OFFSET %(offset)s
) w
{both}
