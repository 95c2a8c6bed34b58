-- Rows that cannot be accepted, one reason each: a new person whose PID is already given, a row about
-- a PID nobody has, a new PID for somebody that another person has. (Numbers given twice within one
-- chunk are found before it gets here.)
INSERT INTO refused (n, field, code)
SELECT i.n, 'pid', 'pid-already-given'
FROM incoming i
JOIN population_pid p ON p.pid = i.claims ->> %(pid_key)s
WHERE i.is_new
UNION ALL
SELECT i.n, 'pid', 'person-unknown'
FROM incoming i
LEFT JOIN population_pid p ON p.pid = i.pid
WHERE NOT i.is_new AND i.person_id IS NULL AND p.pid IS NULL
UNION ALL
SELECT i.n, 'pid', 'pid-already-given'
FROM incoming i
JOIN population_pid taken ON taken.pid = i.claims ->> %(pid_key)s
LEFT JOIN population_pid own ON own.pid = i.pid
WHERE NOT i.is_new AND taken.person_id <> coalesce(i.person_id, own.person_id)
