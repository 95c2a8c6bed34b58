-- Where a value has changed, what other sources last said may now disagree with it. A conflict that
-- had answered itself opens again; one that an officer settled stays settled.
INSERT INTO population_conflict
    (person_id, attribute, statement_id, against_id, source_id, opened_at)
SELECT c.person_id, c.attribute, said.id, w.statement_id, said.source_id, %(at)s
FROM unnest(%(changed_persons)s::bigint[], %(changed_attributes)s::smallint[])
         AS c (person_id, attribute)
CROSS JOIN LATERAL (
    SELECT c.attribute::text AS key, (%(rules)s::smallint[])[c.attribute] AS rule
) k
CROSS JOIN LATERAL (
    SELECT CASE WHEN g.overrides ? k.key THEN g.overrides -> k.key -> 0
                ELSE b.claims -> k.key END AS value,
           coalesce((g.overrides -> k.key ->> 1)::bigint, g.statement_id) AS statement_id,
           coalesce((g.overrides -> k.key ->> 2)::smallint, g.source_id) AS source_id,
           coalesce(date '1800-01-01' + (g.overrides -> k.key ->> 3)::integer, g.valid_from) AS day
    FROM population_golden g
    LEFT JOIN population_statement b ON b.person_id = g.person_id AND b.id = g.statement_id
    WHERE g.person_id = c.person_id AND g.facet = (%(facet_of)s::smallint[])[c.attribute]
    OFFSET 0
) w
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (s.source_id) s.id, s.source_id, s.valid_from, s.claims -> k.key AS value
    FROM population_statement s
    WHERE s.person_id = c.person_id AND s.source_id <> w.source_id AND s.claims ? k.key
      AND NOT EXISTS (
          SELECT 1 FROM population_annulment a
          WHERE a.person_id = s.person_id AND a.statement_id = s.id
            AND (a.attribute IS NULL OR a.attribute = c.attribute))
    ORDER BY s.source_id, CASE WHEN k.rule = 0 THEN NULL ELSE s.valid_from END DESC, s.id DESC
) said
WHERE said.value IS DISTINCT FROM w.value AND (k.rule = 0 OR said.valid_from >= w.day)
ON CONFLICT (person_id, attribute, statement_id) DO UPDATE
    SET settled_at = NULL, outcome = NULL, against_id = excluded.against_id,
        opened_at = excluded.opened_at
    WHERE population_conflict.settled_at IS NOT NULL AND population_conflict.settled_by IS NULL
RETURNING person_id, attribute
