-- A claimed PID that nobody has yet becomes this person's; the one they had is cancelled.
WITH given AS MATERIALIZED (
    SELECT DISTINCT ON (person_id) person_id, gives_pid AS pid, day, is_new, evidence_kind
    FROM entering
    WHERE gives_pid IS NOT NULL
    ORDER BY person_id, statement_id DESC
), former AS MATERIALIZED (
    SELECT g.day, g.evidence_kind, p.place
    FROM given g
    CROSS JOIN LATERAL (
        SELECT ctid AS place FROM population_pid p
        WHERE p.person_id = g.person_id AND p.cancelled_on IS NULL OFFSET 0
    ) p
    WHERE NOT g.is_new
), cancelled AS (
    UPDATE population_pid p
    SET cancelled_on = f.day, cancel_reason = k.code
    FROM former f JOIN population_evidencekind k ON k.id = f.evidence_kind
    WHERE p.ctid = f.place
    RETURNING p.person_id
)
INSERT INTO population_pid (pid, person_id, valid_from)
SELECT g.pid, g.person_id, g.day
FROM given g
WHERE (SELECT count(*) FROM cancelled) >= 0
