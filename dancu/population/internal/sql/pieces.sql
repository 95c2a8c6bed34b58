-- First records need no weighing: golden_new.sql takes them as they are.
INSERT INTO piece (person_id, statement_id, day, facet, round, claims)
SELECT person_id, statement_id, day, facet,
       row_number() OVER (PARTITION BY person_id, facet ORDER BY statement_id),
       claims
FROM (
    SELECT person_id, statement_id, day, facet,
           CASE WHEN others IS NULL THEN claims ELSE claims - others END AS claims
    FROM entering
    WHERE facets IS NULL
    UNION ALL
    SELECT e.person_id, e.statement_id, e.day, p.facet, p.claims
    FROM incoming_piece p JOIN entering e USING (n)
) AS cut
