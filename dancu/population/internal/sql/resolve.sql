-- Every look-up in a large table here and below is LATERAL … OFFSET 0: one index descent for each
-- row, whatever the planner believes of the sizes. So a chunk costs the same in a register of a
-- hundred thousand people and of a hundred million.
INSERT INTO resolved (n, is_new, person_id, taken_by)
SELECT i.n, i.is_new, coalesce(i.person_id, about.person_id), taken.person_id
FROM incoming i
LEFT JOIN LATERAL (
    SELECT person_id FROM population_pid WHERE pid = i.pid AND NOT i.is_new OFFSET 0
) about ON true
LEFT JOIN LATERAL (
    SELECT person_id FROM population_pid
    WHERE %(gives_pid)s AND pid = i.claims ->> %(pid_key)s OFFSET 0
) taken ON true
