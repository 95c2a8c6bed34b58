LEFT JOIN LATERAL (
    SELECT x.birth_year AS k{key}_year, x.sex AS k{key}_sex, true AS k{key}_is
    FROM population_pid n
    CROSS JOIN LATERAL (
        SELECT birth_year, sex FROM population_person o WHERE o.id = n.person_id OFFSET 0
    ) x
    WHERE n.pid = v.t{key} OFFSET 0
) k{key} ON true
