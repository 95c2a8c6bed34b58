-- Why issues are over: what was said or withdrawn since, and whether the person is still there.
UPDATE closing c
SET statement = w.statement, is_withdrawn = w.is_withdrawn, is_gone = w.is_gone
FROM (
    SELECT rule, array_agg(key) AS keys
    FROM unnest(%(rules)s::smallint[], %(keys)s::text[]) AS r (rule, key)
    GROUP BY rule
) k
JOIN closing o ON o.rule = k.rule
CROSS JOIN LATERAL (
    SELECT (SELECT max(id) FROM population_statement s
            WHERE s.person_id = o.subject AND s.id > o.since AND s.claims ?| k.keys) AS statement,
           EXISTS (SELECT FROM population_annulment a
                   WHERE a.person_id = o.subject AND a.id > o.since_annulment
                     AND (a.attribute IS NULL OR a.attribute::text = ANY (k.keys))
                   ) AS is_withdrawn,
           NOT EXISTS (SELECT FROM population_person p
                       WHERE p.id = o.subject AND p.status IN (1, 2, 3)) AS is_gone
    OFFSET 0
) w
WHERE c.subject = o.subject AND c.rule = o.rule
