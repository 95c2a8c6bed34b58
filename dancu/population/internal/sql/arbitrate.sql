-- One round of arbitration: at most one statement for each (person, facet), against what is held.
--
-- A claim wins when its strength is not less than that of the claim it meets (it is the later one):
--   rule 0, once:      rank of the source
--   rule 1, authority: rank, then day
--   rule 2, latest:    day, then rank
-- A claim of rank 0 never wins. A claim that loses and says something else, which time does not
-- explain, becomes a conflict; so may other sources' claims when a value changes (rivals.sql).
--
-- Most pieces need no weighing, claim by claim: those that meet nothing, and those of a source that
-- repeats its own word (plain). A golden row names its base statement and holds only what other
-- statements say over it; see models.Golden.
--
-- %%(ranks)s is a flat table, kind of source by attribute: ranks[kind * width + attribute]; %%(kinds)s
-- goes by source, %%(rules)s by attribute. All come from the data dictionary (dictionary.py).
WITH verdict AS MATERIALIZED (
    SELECT p.person_id, p.facet, p.statement_id, p.day, p.claims,
           g.place, g.base, g.held AS n_held, g.overrides, g.disputed, q.*, v.*
    FROM piece p
    LEFT JOIN LATERAL (
        SELECT ctid AS place, overrides, disputed, statement_id AS base, source_id, valid_from, held
        FROM population_golden held
        WHERE held.person_id = p.person_id AND held.facet = p.facet
        OFFSET 0
    ) g ON true
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = p.person_id AND s.id = g.base
        OFFSET 0
    ) b ON true
    CROSS JOIN LATERAL (
        SELECT g.place IS NULL AND %(always_wins)s
            OR coalesce(g.overrides IS NULL AND g.source_id = %(source)s
                        AND p.day >= g.valid_from AND b.claims = p.claims, false) AS plain
        OFFSET 0
    ) q
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE wins) AS n_won,
               count(*) FILTER (WHERE is_held) AS n_met,
               count(*) FILTER (WHERE wins AND NOT is_held) AS n_fresh,
               count(*) AS n_all,
               array_agg(key) FILTER (WHERE NOT wins) AS losers,
               array_agg(number) FILTER (WHERE disagrees) AS lost,
               array_agg(held_statement) FILTER (WHERE disagrees) AS lost_to,
               array_agg(number) FILTER (WHERE changes) AS changed
        FROM (
            SELECT key, number, held_statement, wins, is_held,
                   NOT wins AND value IS DISTINCT FROM held
                       AND (NOT is_held OR rule = 0 OR day_number >= held_day) AS disagrees,
                   wins AND is_held AND (value IS DISTINCT FROM held
                       OR rule <> 0 AND day_number < held_day) AS changes
            FROM (
                SELECT *,
                       rank > 0 AND (NOT is_held OR
                           CASE rule WHEN 0 THEN rank >= held_rank
                                     WHEN 1 THEN (rank, day_number) >= (held_rank, held_day)
                                     ELSE (day_number, rank) >= (held_day, held_rank) END) AS wins
                FROM (
                    SELECT *,
                           (%(ranks)s::smallint[])[%(kind)s * %(width)s + number] AS rank,
                           (%(ranks)s::smallint[])[
                               (%(kinds)s::smallint[])[held_source] * %(width)s + number
                           ] AS held_rank,
                           (%(rules)s::smallint[])[number] AS rule
                    FROM (
                        SELECT e.key, p.claims -> e.key AS value, e.key::integer AS number,
                               p.day - date '1800-01-01' AS day_number,
                               o.own IS NOT NULL OR coalesce(b.claims ? e.key, false) AS is_held,
                               CASE WHEN o.own IS NULL THEN b.claims -> e.key
                                    ELSE o.own -> 0 END AS held,
                               coalesce((o.own ->> 1)::bigint, g.base) AS held_statement,
                               coalesce((o.own ->> 2)::smallint, g.source_id) AS held_source,
                               coalesce((o.own ->> 3)::integer,
                                        g.valid_from - date '1800-01-01') AS held_day
                        FROM (SELECT jsonb_object_keys(p.claims) AS key) e,
                             LATERAL (SELECT g.overrides -> e.key AS own) o
                        WHERE NOT q.plain
                        OFFSET 0
                    ) met
                    OFFSET 0
                ) ranked
                OFFSET 0
            ) judged
            OFFSET 0
        ) weighed
    ) v
    WHERE p.round = %(round)s
), merged AS MATERIALIZED (
    SELECT *, CASE WHEN losers IS NULL THEN claims ELSE claims - losers END AS won,
           plain OR n_won = n_all AND n_met = n_held AS whole
    FROM verdict
    WHERE place IS NOT NULL AND (plain OR n_won > 0)
), changed AS (
    UPDATE population_golden t
    SET statement_id = CASE WHEN whole THEN m.statement_id ELSE t.statement_id END,
        source_id = CASE WHEN whole THEN %(source)s ELSE t.source_id END,
        valid_from = CASE WHEN whole THEN m.day ELSE t.valid_from END,
        held = m.n_held + m.n_fresh,
        overrides = CASE WHEN NOT whole THEN coalesce(m.overrides, '{}') || (
            SELECT jsonb_object_agg(key, jsonb_build_array(
                value, m.statement_id, %(source)s::integer, m.day - date '1800-01-01'))
            FROM jsonb_each(m.won)) END
    FROM merged m
    WHERE t.ctid = m.place
), created AS (
    -- Also for claims that only wait (a citizen's): the empty row remembers that they do.
    INSERT INTO population_golden
        (person_id, statement_id, valid_from, facet, source_id, held, overrides)
    SELECT person_id, base, CASE WHEN base IS NOT NULL THEN day END, facet,
           CASE WHEN base IS NOT NULL THEN %(source)s::smallint END, held,
           CASE WHEN base IS NULL AND held > 0 THEN (
               SELECT jsonb_object_agg(key, jsonb_build_array(
                   value, statement_id, %(source)s::integer, day - date '1800-01-01'))
               FROM jsonb_each(claims - losers)) END
    FROM (
        SELECT person_id, statement_id, day, facet, claims, losers,
               CASE WHEN plain OR n_won = n_all THEN statement_id END AS base,
               CASE WHEN plain THEN (SELECT count(*) FROM jsonb_object_keys(claims))
                    ELSE n_won END AS held
        FROM verdict
        WHERE place IS NULL
    ) first
), opened AS (
    INSERT INTO population_conflict
        (person_id, attribute, statement_id, against_id, source_id, opened_at)
    SELECT v.person_id, l.attribute, v.statement_id, l.against_id, %(source)s, %(at)s
    FROM verdict v, unnest(v.lost, v.lost_to) AS l (attribute, against_id)
    WHERE v.lost IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING person_id
), contested AS MATERIALIZED (
    -- Values that have changed, where somebody else has said something of the same.
    SELECT person_id, changed
    FROM verdict v
    WHERE changed IS NOT NULL
      AND (SELECT true FROM population_statement s
           WHERE s.person_id = v.person_id AND s.source_id <> %(source)s
             AND s.claims ?| v.changed::text[]
           LIMIT 1)
)
-- The (person, facet) pairs whose disputes may have changed, and the values that have.
SELECT array_agg(person_id) FILTER (WHERE lost IS NOT NULL OR disputed IS NOT NULL) AS persons,
       array_agg(facet) FILTER (WHERE lost IS NOT NULL OR disputed IS NOT NULL) AS facets,
       (SELECT count(*) FROM opened) AS opened,
       (SELECT array_agg(person_id) FROM contested, unnest(changed)) AS changed_persons,
       (SELECT array_agg(number) FROM contested, unnest(changed) AS number) AS changed_attributes
FROM verdict
