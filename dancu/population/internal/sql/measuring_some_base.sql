LEFT JOIN LATERAL (
    SELECT claims FROM population_statement s
    WHERE s.person_id = {alias}.person_id AND s.id = {alias}.statement_id OFFSET 0
) {alias}b ON true
