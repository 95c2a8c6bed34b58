INSERT INTO piece (person_id, statement_id, day, facet, is_new, round, claims)
SELECT person_id, statement_id, day, facet, is_new,
       row_number() OVER (PARTITION BY person_id, facet ORDER BY statement_id),
       claims
FROM (
    SELECT person_id, statement_id, day, facet, is_new,
           CASE WHEN others IS NULL THEN claims ELSE claims - others END AS claims
    FROM entering
    UNION ALL
    SELECT e.person_id, e.statement_id, e.day, p.facet, e.is_new, p.claims
    FROM incoming_piece p JOIN entering e USING (n)
) AS cut
