-- The living of one name and birth date in one commune. Cards are compared first, dates last.
WITH everybody AS MATERIALIZED (
    SELECT id, commune, name_id, birth_year FROM {people}
    WHERE status = 1 AND name_id IS NOT NULL AND commune IS NOT NULL AND birth_year IS NOT NULL
), alike AS (
    SELECT commune, name_id, birth_year FROM everybody
    GROUP BY commune, name_id, birth_year HAVING count(*) > 1
), dated AS (
    SELECT e.id, e.commune, e.name_id,
           CASE WHEN g.overrides ? '{birth_date}' THEN g.overrides -> '{birth_date}' ->> 0
                ELSE b.claims ->> '{birth_date}' END AS birth
    FROM everybody e JOIN alike a USING (commune, name_id, birth_year)
    CROSS JOIN LATERAL (
        SELECT statement_id, overrides FROM population_golden o
        WHERE o.person_id = e.id AND o.facet = 0 OFFSET 0
    ) g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = e.id AND s.id = g.statement_id OFFSET 0
    ) b ON true
)
SELECT id AS person_id, commune,
       count(*) OVER (PARTITION BY commune, name_id, birth) AS namesakes
FROM dated
WHERE length(birth) = 10
