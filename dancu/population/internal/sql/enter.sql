-- Find whom each row is about, refuse the rows that cannot be accepted, and give every other one its
-- person and its statement number.
--
-- Every look-up in a large table here and below is LATERAL … OFFSET 0: one index descent for each
-- row, whatever the planner believes of the sizes. So a chunk costs the same in a register of a
-- hundred thousand people and of a hundred million.
--
-- Refused, with one reason each: a new person whose PID is already given, a row about a PID nobody
-- has, a new PID for somebody that another person has. (Numbers given twice within one chunk are
-- found before it gets here.)
--
-- Known persons are locked in the order of their keys, so that two writers on one person take turns
-- and never wait in a circle.
WITH resolved AS MATERIALIZED (
    SELECT q.*, CASE WHEN q.is_new THEN q.taken_by IS NULL
                     ELSE q.person_id IS NOT NULL
                          AND (q.taken_by IS NULL OR q.taken_by = q.person_id) END AS is_accepted
    FROM (
        SELECT i.n, i.is_new, coalesce(i.person_id, about.person_id) AS person_id,
               taken.person_id AS taken_by
        FROM incoming i
        LEFT JOIN LATERAL (
            SELECT person_id FROM population_pid WHERE pid = i.pid AND NOT i.is_new OFFSET 0
        ) about ON true
        LEFT JOIN LATERAL (
            SELECT person_id FROM population_pid
            WHERE %(gives_pid)s AND pid = i.claims ->> %(pid_key)s OFFSET 0
        ) taken ON true
    ) q
), denied AS (
    INSERT INTO refused (n, field, code)
    SELECT n, 'pid',
           CASE WHEN taken_by IS NOT NULL THEN 'pid-already-given' ELSE 'person-unknown' END
    FROM resolved
    WHERE NOT is_accepted
), locked AS MATERIALIZED (
    SELECT p.id
    FROM (
        SELECT DISTINCT person_id FROM resolved WHERE is_accepted AND NOT is_new ORDER BY person_id
    ) known
    CROSS JOIN LATERAL (
        SELECT id FROM population_person p WHERE p.id = known.person_id FOR NO KEY UPDATE
    ) p
), whom AS (
    SELECT r.n, r.person_id, r.taken_by FROM resolved r JOIN locked l ON l.id = r.person_id
    WHERE r.is_accepted AND NOT r.is_new
    UNION ALL
    SELECT n, nextval('population_person_id_seq'), NULL FROM resolved WHERE is_accepted AND is_new
)
INSERT INTO entering
SELECT q.n, q.person_id, nextval('population_statement_id_seq'), q.is_new, q.day,
       q.evidence_kind, q.facet, q.others,
       CASE WHEN q.taken_by IS NULL THEN q.claims ->> %(pid_key)s END,
       q.event_id, q.evidence, q.claims, q.facets, q.held
FROM (
    SELECT w.person_id, w.taken_by, i.*
    FROM whom w JOIN incoming i USING (n)
    ORDER BY w.person_id, i.n
) AS q (person_id, taken_by, n, pid, given_person_id, is_new, day, evidence_kind, facet, others, event_id,
        evidence, claims, facets, held)
