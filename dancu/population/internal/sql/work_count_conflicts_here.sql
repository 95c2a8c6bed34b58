-- How many open conflicts are in an area of few communes, up to a cap; begun from its people.
SELECT count(*)
FROM (
    SELECT 1
    {here}
    LIMIT %(most)s
) w
