SELECT n.id, n.full_name
FROM unnest(%(keys)s::text[]) AS k (phonetic_key)
CROSS JOIN LATERAL (
    SELECT id, full_name FROM population_nameform n WHERE n.phonetic_key = k.phonetic_key OFFSET 0
) n
LIMIT %(most)s
