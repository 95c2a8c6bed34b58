-- Close the conflicts that the latest claims have answered: the register now holds what the losing
-- claim said (accepted), the losing source has itself said something newer (withdrawn), or a later
-- day explains the difference (superseded).
UPDATE population_conflict c
SET settled_at = %(at)s, outcome = a.answer
FROM (
    SELECT o.person_id, o.attribute, o.statement_id,
           CASE WHEN s.claims -> k.key = h.value THEN 'accepted'
                WHEN o.source_id = %(source)s AND EXISTS (
                    SELECT 1 FROM piece p
                    WHERE p.person_id = o.person_id AND p.statement_id > o.statement_id
                      AND p.day >= s.valid_from AND p.round <= %(round)s AND p.claims ? k.key)
                THEN 'withdrawn'
                WHEN (%(rules)s::smallint[])[o.attribute] <> 0
                     AND s.valid_from - date '1800-01-01'
                         < coalesce((h.own ->> 3)::integer, g.valid_from - date '1800-01-01')
                THEN 'superseded' END AS answer
    FROM (SELECT DISTINCT * FROM unnest(%(persons)s::bigint[], %(facets)s::smallint[])
              AS u (person_id, facet)) t
    JOIN population_golden g ON g.person_id = t.person_id AND g.facet = t.facet
    JOIN population_conflict o
      ON o.person_id = t.person_id AND o.settled_at IS NULL
     AND (%(facet_of)s::smallint[])[o.attribute] = t.facet
    CROSS JOIN LATERAL (SELECT o.attribute::text AS key) k
    JOIN population_statement s ON s.person_id = o.person_id AND s.id = o.statement_id
    LEFT JOIN population_statement b ON b.person_id = g.person_id AND b.id = g.statement_id
    CROSS JOIN LATERAL (
        SELECT g.overrides -> k.key AS own,
               CASE WHEN g.overrides ? k.key THEN g.overrides -> k.key -> 0
                    ELSE b.claims -> k.key END AS value
    ) h
    WHERE g.overrides ? k.key OR b.claims ? k.key
) a
WHERE a.answer IS NOT NULL
  AND c.person_id = a.person_id AND c.attribute = a.attribute AND c.statement_id = a.statement_id
