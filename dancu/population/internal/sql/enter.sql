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
                     ELSE q.whom IS NOT NULL
                          AND (q.taken_by IS NULL OR q.taken_by = q.whom) END AS is_accepted
    FROM (
        SELECT i.*, coalesce(i.person_id, about.person_id) AS whom, taken.person_id AS taken_by
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
)
INSERT INTO entering
SELECT n, id, nextval('population_statement_id_seq'), is_new, day, evidence_kind, facet, others,
       CASE WHEN %(gives_pid)s AND taken_by IS NULL THEN claims ->> %(pid_key)s END,
       event_id, evidence, claims, facets, held
FROM (
    SELECT p.id, known.*
    FROM (SELECT * FROM resolved WHERE is_accepted AND NOT is_new ORDER BY whom, n) known
    CROSS JOIN LATERAL (
        SELECT id FROM population_person p WHERE p.id = known.whom FOR NO KEY UPDATE
    ) p
    UNION ALL
    SELECT nextval('population_person_id_seq'), new.*
    FROM (SELECT * FROM resolved WHERE is_accepted AND is_new ORDER BY n) new
) q
