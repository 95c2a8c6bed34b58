LEFT JOIN (
    SELECT person_id, statement_id, valid_from, overrides, disputed FROM population_golden
    WHERE person_id BETWEEN %(first)s AND %(last)s AND facet = {facet}
) {alias} ON {alias}.person_id = p.id
