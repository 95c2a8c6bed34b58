-- Keep the index cards of the people whom {touched} selects. Where it names statements, only if one
-- has won: the golden row rests on it, or holds it over its base.
WITH touched AS MATERIALIZED (
    SELECT t.person_id, p.place, b.claims AS base, g.overrides AS above
    FROM ({touched}) AS t (person_id, said)
    CROSS JOIN LATERAL (
        SELECT statement_id, overrides FROM population_golden g
        WHERE g.person_id = t.person_id AND g.facet = {core} OFFSET 0
    ) g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = t.person_id AND s.id = g.statement_id OFFSET 0
    ) b ON true
    CROSS JOIN LATERAL (
        SELECT ctid AS place FROM population_person p WHERE p.id = t.person_id OFFSET 0
    ) p
    WHERE t.said IS NULL
       OR g.statement_id = ANY (t.said)
       OR EXISTS (SELECT FROM jsonb_each(g.overrides) o
                  WHERE (o.value ->> 1)::bigint = ANY (t.said))
)
UPDATE population_person p
SET address_id = c.address_id, stay_address_id = c.stay_address_id, name_id = c.name_id,
    status = CASE WHEN p.status IN (4, 5) THEN p.status ELSE c.status END,
    birth_year = c.birth_year, sex = c.sex, commune = c.commune, stay_commune = c.stay_commune,
    pid = c.pid, old_id_number = c.old_id_number, household = c.household,
    father_pid = c.father_pid, mother_pid = c.mother_pid
FROM ({card}) c
WHERE p.ctid = c.place
  AND (p.address_id, p.stay_address_id, p.name_id, p.status, p.birth_year, p.sex, p.commune,
       p.stay_commune, p.pid, p.old_id_number, p.household, p.father_pid, p.mother_pid)
      IS DISTINCT FROM
      (c.address_id, c.stay_address_id, c.name_id, c.status, c.birth_year, c.sex, c.commune,
       c.stay_commune, c.pid, c.old_id_number, c.household, c.father_pid, c.mother_pid)
