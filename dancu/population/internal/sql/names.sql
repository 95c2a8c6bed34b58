INSERT INTO population_nameform (full_name, match_key, phonetic_key, sort_key)
SELECT DISTINCT ON (full_name) full_name, match_key, phonetic_key, sort_key
FROM incoming_name
ORDER BY full_name
ON CONFLICT (full_name) DO NOTHING
