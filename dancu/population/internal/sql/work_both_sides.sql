-- What a conflict weighs: the statement that lost, and the one that it lost against.
LEFT JOIN population_statement t ON t.person_id = w.person_id AND t.id = w.statement_id
LEFT JOIN population_statement o ON o.person_id = w.person_id AND o.id = w.against_id
ORDER BY w.opened_at DESC, w.person_id, w.attribute, w.statement_id
