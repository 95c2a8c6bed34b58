-- A first record meets nothing: the golden record names it, and repeats none of it.
INSERT INTO population_golden (person_id, statement_id, valid_from, facet, source_id, held)
SELECT person_id, statement_id, day, facet, %(source)s,
       (SELECT count(*) FROM jsonb_object_keys(claims)) - coalesce(cardinality(others), 0)
FROM entering
WHERE is_new
UNION ALL
SELECT e.person_id, e.statement_id, e.day, p.facet, %(source)s,
       (SELECT count(*) FROM jsonb_object_keys(p.claims))
FROM incoming_piece p JOIN entering e USING (n)
WHERE e.is_new
