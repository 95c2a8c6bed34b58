-- Names that end with the given syllables: the index holds them backwards.
SELECT n.id, n.full_name
FROM population_nameform n
WHERE reverse(n.match_key) >= %(start)s AND reverse(n.match_key) < %(end)s
ORDER BY reverse(n.match_key)
LIMIT %(most)s
