LEFT JOIN (
    SELECT person_id, id, claims FROM population_statement
    WHERE person_id BETWEEN %(first)s AND %(last)s
) {alias}b ON {alias}b.person_id = {alias}.person_id AND {alias}b.id = {alias}.statement_id
