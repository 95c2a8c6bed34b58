-- People by PIDs, cancelled ones too, and by the numbers of former cards: what a comparison needs.
-- Somebody merged into another is read as the other; “merged” says so.
WITH hit AS MATERIALIZED (
    SELECT k.pid AS number, k.person_id, k.cancelled_on IS NOT NULL AS is_cancelled
    FROM unnest(%s::text[]) AS n (pid)
    CROSS JOIN LATERAL (
        SELECT pid, person_id, cancelled_on FROM population_pid k WHERE k.pid = n.pid OFFSET 0
    ) k
    UNION ALL
    SELECT n.old, p.id, false
    FROM unnest(%s::text[]) AS n (old)
    CROSS JOIN LATERAL (
        SELECT id FROM population_person p
        WHERE p.old_id_number = n.old AND p.status <> 4 LIMIT 20
    ) p
)
SELECT h.number, h.is_cancelled, found.merged_into_id IS NOT NULL,
       {columns}
FROM hit h
CROSS JOIN LATERAL (
    SELECT id, merged_into_id FROM population_person p WHERE p.id = h.person_id OFFSET 0
) found
CROSS JOIN LATERAL (
    SELECT * FROM population_person p WHERE p.id = coalesce(found.merged_into_id, found.id) OFFSET 0
) p
LEFT JOIN LATERAL (
    SELECT full_name FROM population_nameform n WHERE n.id = p.name_id OFFSET 0
) n ON true
{birth}
