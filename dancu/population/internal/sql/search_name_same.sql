SELECT n.id, n.full_name
FROM population_nameform n
WHERE n.match_key = %(key)s
