-- A first record meets nothing: it becomes the golden record as it is.
INSERT INTO population_golden (person_id, statement_id, valid_from, facet, source_id, facts)
SELECT person_id, statement_id, day, facet, %(source)s, claims
FROM piece
WHERE is_new AND round = 1
