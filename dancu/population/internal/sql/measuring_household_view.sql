-- Households of the living. One of them stands for the household: a head, or the first entered.
SELECT coalesce(min(id) FILTER (WHERE is_head), min(id)) AS person_id, min(commune) AS commune,
       count(*) AS members, count(*) FILTER (WHERE is_head) AS heads,
       min(birth_year) FILTER (WHERE is_head) AS head_birth_year,
       min(birth_year) FILTER (WHERE relationship = 'CON_DE') AS eldest_child_birth_year
FROM (
    SELECT *, relationship = 'CHU_HO' AS is_head
    FROM (
        SELECT p.id, p.commune, p.household, p.birth_year,
               CASE WHEN g.overrides ? '{household_relationship}'
                    THEN g.overrides -> '{household_relationship}' ->> 0
                    ELSE b.claims ->> '{household_relationship}' END AS relationship
        FROM {people}
        LEFT JOIN LATERAL (
            SELECT statement_id, overrides FROM population_golden o
            WHERE o.person_id = p.id AND o.facet = 0 OFFSET 0
        ) g ON true
        LEFT JOIN LATERAL (
            SELECT claims FROM population_statement s
            WHERE s.person_id = p.id AND s.id = g.statement_id OFFSET 0
        ) b ON true
        WHERE p.status = 1 AND p.household IS NOT NULL
    ) said
) member
GROUP BY household
