-- Whose phone is that of people in other households too.
WITH held AS MATERIALIZED (
    SELECT p.id, p.commune, coalesce(p.household, p.id::text) AS household,
           CASE WHEN g.overrides ? '{phone}' THEN g.overrides -> '{phone}' ->> 0
                ELSE b.claims ->> '{phone}' END AS phone
    FROM {people}
    CROSS JOIN LATERAL (
        SELECT statement_id, overrides FROM population_golden o
        WHERE o.person_id = p.id AND o.facet = {contact} OFFSET 0
    ) g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = p.id AND s.id = g.statement_id OFFSET 0
    ) b ON true
    WHERE p.status = 1
), shared AS (
    SELECT phone, count(*) AS households
    FROM (SELECT DISTINCT phone, household FROM held WHERE phone IS NOT NULL) once
    GROUP BY phone HAVING count(*) > 1
)
SELECT h.id AS person_id, h.commune, s.households AS phone_households
FROM held h JOIN shared s USING (phone)
