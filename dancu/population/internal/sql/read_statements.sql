-- The statements about a person in the order of recording, with what was withdrawn of them.
SELECT s.id, s.source_id, s.evidence_kind_id, s.evidence, s.valid_from, s.recorded_at, s.entered_by,
       s.event_id, s.claims,
       (SELECT array_agg(a.attribute ORDER BY a.id) FROM population_annulment a
        WHERE a.person_id = s.person_id AND a.statement_id = s.id) AS withdrawn,
       (SELECT array_agg(a.annulled_at ORDER BY a.id) FROM population_annulment a
        WHERE a.person_id = s.person_id AND a.statement_id = s.id) AS withdrawn_at
FROM population_statement s
WHERE s.person_id = %(person)s
ORDER BY s.id
