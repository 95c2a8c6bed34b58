-- Give every acceptable row its person and its statement number. Known persons are locked in the
-- order of their keys, so that two writers on one person take turns and never wait in a circle.
WITH about AS MATERIALIZED (
    SELECT i.n, p.id AS person_id
    FROM incoming i
    LEFT JOIN population_pid k ON k.pid = i.pid
    JOIN population_person p ON p.id = coalesce(i.person_id, k.person_id)
    WHERE NOT i.is_new AND NOT EXISTS (SELECT 1 FROM refused r WHERE r.n = i.n)
    ORDER BY p.id, i.n
    FOR NO KEY UPDATE OF p
), fresh AS (
    SELECT i.n, nextval('population_person_id_seq') AS person_id
    FROM incoming i
    WHERE i.is_new AND NOT EXISTS (SELECT 1 FROM refused r WHERE r.n = i.n)
), known AS (
    SELECT * FROM about UNION ALL SELECT * FROM fresh
)
INSERT INTO entering
SELECT q.n, q.person_id, nextval('population_statement_id_seq'), q.is_new, q.day,
       q.evidence_kind, q.facet, q.others, q.event_id, q.evidence, q.claims
FROM (
    SELECT k.person_id, i.*
    FROM known k JOIN incoming i USING (n)
    ORDER BY k.person_id, i.n
) AS q (person_id, n, pid, given_person_id, is_new, day, evidence_kind, facet, others, event_id,
        evidence, claims)
