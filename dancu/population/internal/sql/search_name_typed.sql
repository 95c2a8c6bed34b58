SELECT n.id, n.full_name
FROM unnest(%(keys)s::text[]) AS k (match_key)
CROSS JOIN LATERAL (
    SELECT id, full_name FROM population_nameform n WHERE n.match_key = k.match_key OFFSET 0
) n
LIMIT %(most)s
