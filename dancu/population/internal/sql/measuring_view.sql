-- Who breaks the rules of a view of many people: households, or what people share.
INSERT INTO measured (person_id, rule, commune)
SELECT m.person_id, r.rule, m.commune
FROM (
    SELECT v.person_id, v.commune, array_remove(ARRAY[
{broken}
    ]::smallint[], NULL) AS rules
    FROM ({view}) v
) m
CROSS JOIN LATERAL unnest(m.rules) AS r (rule)
