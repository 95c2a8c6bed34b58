-- The same as work_conflicts for an area of few communes, begun from the people who live or stay there.
SELECT w.*, t.valid_from, t.evidence_kind_id, o.source_id, o.valid_from, o.evidence_kind_id
FROM (
    SELECT c.person_id, c.attribute, c.statement_id, c.source_id, c.opened_at, c.against_id
    {here}
    ORDER BY c.opened_at DESC, c.person_id, c.attribute, c.statement_id
    LIMIT %(limit)s OFFSET %(offset)s
) w
{both}
