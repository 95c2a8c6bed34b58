-- Open conflicts, the newest first, of people who live or stay in the area today.
SELECT w.*, t.valid_from, t.evidence_kind_id, o.source_id, o.valid_from, o.evidence_kind_id
FROM (
    SELECT c.person_id, c.attribute, c.statement_id, c.source_id, c.opened_at, c.against_id
    FROM population_conflict c
    CROSS JOIN LATERAL (
        SELECT p.id FROM population_person p
        WHERE p.id = c.person_id AND p.status <> 4
          AND (p.commune = ANY (%(area)s::text[]) OR p.stay_commune = ANY (%(area)s::text[]))
        OFFSET 0
    ) p
    WHERE c.settled_at IS NULL
      AND c.attribute = ANY (%(attributes)s::smallint[])
      AND c.source_id <> ALL (%(citizens)s::smallint[])
    ORDER BY c.opened_at DESC, c.person_id, c.attribute, c.statement_id
    LIMIT %(limit)s OFFSET %(offset)s
) w
{both}
