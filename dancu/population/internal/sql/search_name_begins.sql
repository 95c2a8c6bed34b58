SELECT n.id, n.full_name
FROM population_nameform n
WHERE n.match_key >= %(start)s AND n.match_key < %(end)s
ORDER BY n.match_key
LIMIT %(most)s
