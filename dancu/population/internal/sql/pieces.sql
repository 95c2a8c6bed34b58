INSERT INTO piece (person_id, statement_id, day, facet, is_new, round, claims)
SELECT person_id, statement_id, day, facet, is_new,
       row_number() OVER (PARTITION BY person_id, facet ORDER BY statement_id),
       claims
FROM (
    SELECT person_id, statement_id, day, facet, is_new, claims FROM entering WHERE facet IS NOT NULL
    UNION ALL
    SELECT e.person_id, e.statement_id, e.day, p.facet, e.is_new, p.claims
    FROM entering e JOIN incoming_piece p USING (n)
    WHERE e.facet IS NULL
) AS cut
