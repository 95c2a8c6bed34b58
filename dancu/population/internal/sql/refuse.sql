-- Rows that cannot be accepted, one reason each: a new person whose PID is already given (also
-- twice in one chunk), a row about a PID nobody has, a new PID for somebody that another person has.
INSERT INTO refused (n, field, code)
SELECT i.n, 'pid', 'pid-already-given'
FROM incoming i
WHERE i.is_new AND i.claims ? %(pid_key)s
  AND (EXISTS (SELECT 1 FROM population_pid p WHERE p.pid = i.claims ->> %(pid_key)s)
       OR EXISTS (SELECT 1 FROM incoming e
                  WHERE e.is_new AND e.n < i.n AND e.claims ->> %(pid_key)s = i.claims ->> %(pid_key)s))
UNION ALL
SELECT i.n, 'pid', 'person-unknown'
FROM incoming i
WHERE NOT i.is_new AND i.person_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM population_pid p WHERE p.pid = i.pid)
UNION ALL
SELECT i.n, 'pid', 'pid-already-given'
FROM incoming i
JOIN population_pid taken ON taken.pid = i.claims ->> %(pid_key)s
LEFT JOIN population_pid own ON own.pid = i.pid
WHERE NOT i.is_new AND i.claims ? %(pid_key)s
  AND taken.person_id <> coalesce(i.person_id, own.person_id)
