-- Close the conflicts that the latest claims have answered: the register now holds what the losing
-- claim said (accepted), the losing source's own last word is another (withdrawn), or a later day
-- explains the difference (superseded).
UPDATE population_conflict c
SET settled_at = %(at)s, outcome = a.answer
FROM (
    SELECT o.place,
           CASE WHEN s.said = h.value THEN 'accepted'
                WHEN EXISTS (
                    SELECT 1 FROM population_statement n
                    WHERE n.person_id = t.person_id AND n.source_id = o.source_id
                      AND n.claims ? o.key
                      AND CASE WHEN o.rule = 0 THEN n.id > o.statement_id
                               ELSE (n.valid_from, n.id) > (s.valid_from, o.statement_id) END
                      AND NOT EXISTS (
                          SELECT 1 FROM population_annulment w
                          WHERE w.person_id = n.person_id AND w.statement_id = n.id
                            AND (w.attribute IS NULL OR w.attribute = o.attribute)))
                THEN 'withdrawn'
                WHEN o.rule <> 0 AND h.is_held
                     AND s.valid_from - date '1800-01-01'
                         < coalesce((h.own ->> 3)::integer, g.valid_from - date '1800-01-01')
                THEN 'superseded' END AS answer
    FROM (SELECT DISTINCT * FROM unnest(%(persons)s::bigint[], %(facets)s::smallint[])
              AS u (person_id, facet)) t
    CROSS JOIN LATERAL (
        SELECT ctid AS place, attribute, attribute::text AS key, statement_id, source_id,
               (%(rules)s::smallint[])[attribute] AS rule
        FROM (SELECT ctid, * FROM population_conflict o WHERE o.person_id = t.person_id OFFSET 0) o
        WHERE settled_at IS NULL AND (%(facet_of)s::smallint[])[attribute] = t.facet
        OFFSET 0
    ) o
    CROSS JOIN LATERAL (
        SELECT statement_id, valid_from, overrides FROM population_golden g
        WHERE g.person_id = t.person_id AND g.facet = t.facet
        OFFSET 0
    ) g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement b
        WHERE b.person_id = t.person_id AND b.id = g.statement_id
        OFFSET 0
    ) b ON true
    CROSS JOIN LATERAL (
        SELECT g.overrides -> o.key AS own,
               CASE WHEN g.overrides ? o.key THEN g.overrides -> o.key -> 0
                    ELSE b.claims -> o.key END AS value,
               coalesce(g.overrides ? o.key, false) OR coalesce(b.claims ? o.key, false) AS is_held
    ) h
    CROSS JOIN LATERAL (
        SELECT valid_from, claims -> o.key AS said FROM population_statement s
        WHERE s.person_id = t.person_id AND s.id = o.statement_id
        OFFSET 0
    ) s
) a
WHERE a.answer IS NOT NULL AND c.ctid = a.place
