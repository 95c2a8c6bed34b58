-- Give every acceptable row its person and its statement number. Known persons are locked in the
-- order of their keys, so that two writers on one person take turns and never wait in a circle.
WITH locked AS MATERIALIZED (
    SELECT p.id
    FROM (
        SELECT DISTINCT r.person_id
        FROM resolved r
        WHERE NOT r.is_new AND NOT EXISTS (SELECT 1 FROM refused f WHERE f.n = r.n)
        ORDER BY r.person_id
    ) known
    CROSS JOIN LATERAL (
        SELECT id FROM population_person p WHERE p.id = known.person_id FOR NO KEY UPDATE
    ) p
), whom AS (
    SELECT r.n, r.person_id, r.taken_by FROM resolved r JOIN locked l ON l.id = r.person_id
    WHERE NOT r.is_new AND NOT EXISTS (SELECT 1 FROM refused f WHERE f.n = r.n)
    UNION ALL
    SELECT r.n, nextval('population_person_id_seq'), NULL FROM resolved r
    WHERE r.is_new AND NOT EXISTS (SELECT 1 FROM refused f WHERE f.n = r.n)
)
INSERT INTO entering
SELECT q.n, q.person_id, nextval('population_statement_id_seq'), q.is_new, q.day,
       q.evidence_kind, q.facet, q.others,
       CASE WHEN q.taken_by IS NULL THEN q.claims ->> %(pid_key)s END,
       q.event_id, q.evidence, q.claims
FROM (
    SELECT w.person_id, w.taken_by, i.*
    FROM whom w JOIN incoming i USING (n)
    ORDER BY w.person_id, i.n
) AS q (person_id, taken_by, n, pid, given_person_id, is_new, day, evidence_kind, facet, others, event_id,
        evidence, claims)
