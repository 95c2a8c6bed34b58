-- A first record meets nothing: the golden record names it, and repeats none of it.
INSERT INTO population_golden (person_id, statement_id, valid_from, facet, source_id, held)
SELECT e.person_id, e.statement_id, e.day, cut.facet, %(source)s, cut.held
FROM entering e, unnest(e.facets, e.held) AS cut (facet, held)
