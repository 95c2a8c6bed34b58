-- Names with this first and this last syllable, whatever stands between.
SELECT n.id, n.full_name
FROM population_nameform n
WHERE reverse(n.match_key) >= %(start)s AND reverse(n.match_key) < %(end)s
  AND n.match_key LIKE %(first)s
LIMIT %(most)s
