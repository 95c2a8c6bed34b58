-- Whose phone is that of people in other households too. Most have one, so that reading all in order
-- is quicker than looking each of them up.
WITH held AS MATERIALIZED (
    SELECT p.id, p.commune, coalesce(p.household, p.id::text) AS household,
           CASE WHEN g.overrides ? '{phone}' THEN g.overrides -> '{phone}' ->> 0
                ELSE b.claims ->> '{phone}' END AS phone
    FROM {people}
    JOIN population_golden g ON g.person_id = p.id AND g.facet = {contact}
    LEFT JOIN population_statement b ON b.person_id = g.person_id AND b.id = g.statement_id
    WHERE p.status = 1
), shared AS (
    SELECT phone, count(*) AS households
    FROM (SELECT DISTINCT phone, household FROM held WHERE phone IS NOT NULL) once
    GROUP BY phone HAVING count(*) > 1
)
SELECT h.id AS person_id, h.commune, s.households AS phone_households
FROM held h JOIN shared s USING (phone)
