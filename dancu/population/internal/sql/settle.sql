-- Close the conflicts that the latest claims have answered: the losing source has itself said
-- something newer, or the register now holds what the losing claim said.
UPDATE population_conflict c
SET settled_at = %(at)s,
    outcome = CASE WHEN s.claims -> c.attribute::text = g.facts -> c.attribute::text
                   THEN 'accepted' ELSE 'withdrawn' END
FROM unnest(%(persons)s::bigint[], %(facets)s::smallint[]) AS t (person_id, facet)
JOIN population_golden g ON g.person_id = t.person_id AND g.facet = t.facet
JOIN population_statement s ON s.person_id = t.person_id
WHERE c.person_id = t.person_id
  AND c.statement_id = s.id
  AND c.settled_at IS NULL
  AND g.facts ? c.attribute::text
  AND (s.claims -> c.attribute::text = g.facts -> c.attribute::text
       OR EXISTS (SELECT 1 FROM piece p
                  WHERE p.person_id = c.person_id AND p.statement_id > c.statement_id
                    AND c.source_id = %(source)s AND p.claims ? c.attribute::text))
