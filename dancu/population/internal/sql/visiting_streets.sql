-- Streets with what is to be mended there: first where somebody waits, then what blocks a service.
{placed}
SELECT street, count(DISTINCT home), count(*), sum(issues), sum(blocking),
       count(*) FILTER (WHERE is_awaited)
FROM placed
GROUP BY street
ORDER BY 6 DESC, 5 DESC, 4 DESC, street
LIMIT %(limit)s OFFSET %(offset)s
