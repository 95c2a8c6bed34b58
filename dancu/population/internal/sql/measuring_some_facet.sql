LEFT JOIN LATERAL (
    SELECT person_id, statement_id, valid_from, overrides, disputed FROM population_golden g
    WHERE g.person_id = p.id AND g.facet = {facet} OFFSET 0
) {alias} ON true
