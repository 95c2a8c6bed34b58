-- Unclear addresses, with who lives there; of some streets when they are given.
SELECT a.id, array_agg(DISTINCT lived.person_id ORDER BY lived.person_id)
{open}
  AND (%(streets)s::text[] IS NULL OR coalesce(a.parts ->> 'street', '') = ANY (%(streets)s))
GROUP BY a.id
ORDER BY a.parts ->> 'street', substring(a.parts ->> 'house' FROM '^\d{1,9}')::int, a.text, a.id
LIMIT %(limit)s OFFSET %(offset)s
