-- The measuring view of one facet, and who breaks the rules that read it. Each fence (OFFSET 0)
-- keeps what stands above it from being worked out again for every use below. What is disputed is
-- looked at only of those of whom anything is.
INSERT INTO measured (person_id, rule, commune)
SELECT m.person_id, r.rule, m.commune
FROM (
    SELECT v.person_id, v.commune, array_remove(ARRAY[
{broken}
    ]::smallint[], NULL){disputes} AS rules
    FROM (
        SELECT v.*{led}
        FROM (
            SELECT {columns}
            FROM (
                SELECT p.id AS person_id, p.status, p.commune{activity},
{unfolded}
                FROM {source}
{joins}
                OFFSET 0
            ) u
            OFFSET 0
        ) v
{leads}
        OFFSET 0
    ) v
    OFFSET 0
) m
CROSS JOIN LATERAL unnest(m.rules) AS r (rule)
