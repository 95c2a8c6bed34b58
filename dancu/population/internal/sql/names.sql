-- In the order of the names, so that two writers never wait in a circle.
INSERT INTO population_nameform (full_name, match_key, phonetic_key, sort_key)
SELECT n ->> 0, n ->> 1, n ->> 2, decode(n ->> 3, 'hex')
FROM jsonb_array_elements(%(names)s::jsonb) AS n
ON CONFLICT (full_name) DO NOTHING
