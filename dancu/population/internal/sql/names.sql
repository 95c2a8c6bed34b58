-- In the order of the names, so that two writers never wait in a circle.
INSERT INTO population_nameform (full_name, match_key, phonetic_key, sort_key)
SELECT full_name, match_key, phonetic_key, sort_key
FROM unnest(%(names)s::text[], %(match_keys)s::text[], %(phonetic_keys)s::text[],
            %(sort_keys)s::bytea[]) AS n (full_name, match_key, phonetic_key, sort_key)
ON CONFLICT (full_name) DO NOTHING
