-- A claimed PID that nobody has yet becomes this person's; the one they had is cancelled.
WITH given AS (
    SELECT DISTINCT ON (e.person_id) e.person_id, e.claims ->> %(pid_key)s AS pid, e.day,
           e.is_new, e.evidence_kind
    FROM entering e
    WHERE e.claims ->> %(pid_key)s IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM population_pid p WHERE p.pid = e.claims ->> %(pid_key)s)
    ORDER BY e.person_id, e.statement_id DESC
), cancelled AS (
    UPDATE population_pid p
    SET cancelled_on = g.day, cancel_reason = k.code
    FROM given g JOIN population_evidencekind k ON k.id = g.evidence_kind
    WHERE p.person_id = g.person_id AND NOT g.is_new AND p.cancelled_on IS NULL
    RETURNING p.person_id
)
INSERT INTO population_pid (pid, person_id, valid_from)
SELECT g.pid, g.person_id, g.day
FROM given g
WHERE (SELECT count(*) FROM cancelled) >= 0
