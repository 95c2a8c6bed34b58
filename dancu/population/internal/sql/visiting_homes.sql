-- Homes of a street, in the same order; neighbours stand together where nothing else decides.
{placed}
SELECT array_agg(person_id ORDER BY person_id), sum(issues), sum(blocking),
       count(*) FILTER (WHERE is_awaited), coalesce(min(house), '')
FROM placed
WHERE street = %(street)s
GROUP BY home
ORDER BY 4 DESC, 3 DESC, 2 DESC, substring(min(house) FROM '^\d{1,9}')::integer, min(person_id)
LIMIT %(limit)s OFFSET %(offset)s
