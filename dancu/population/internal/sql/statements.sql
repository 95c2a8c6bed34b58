INSERT INTO population_statement
    (id, person_id, recorded_at, entered_by, event_id, batch_id, valid_from, source_id,
     evidence_kind_id, evidence, claims)
SELECT statement_id, person_id, %(at)s, %(entered_by)s, event_id, %(batch)s, day, %(source)s,
       evidence_kind, evidence, claims
FROM entering
