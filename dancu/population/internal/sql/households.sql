INSERT INTO population_household (number, opened_on)
SELECT claims ->> %(household_key)s, min(day)
FROM entering
WHERE claims ->> %(household_key)s IS NOT NULL
GROUP BY 1
ON CONFLICT (number) DO NOTHING
