-- A first record meets nothing: it becomes the golden record as it is.
INSERT INTO population_golden (person_id, statement_id, valid_from, facet, source_id, facts)
SELECT person_id, statement_id, day, facet, %(source)s,
       CASE WHEN others IS NULL THEN claims ELSE claims - others END
FROM entering
WHERE is_new
UNION ALL
SELECT e.person_id, e.statement_id, e.day, p.facet, %(source)s, p.claims
FROM incoming_piece p JOIN entering e USING (n)
WHERE e.is_new
