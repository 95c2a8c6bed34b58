UPDATE population_golden g
SET disputed = d.attributes
FROM (
    SELECT t.person_id, t.facet, array_agg(DISTINCT c.attribute) FILTER (WHERE c.attribute IS NOT NULL) AS attributes
    FROM (SELECT DISTINCT * FROM unnest(%(persons)s::bigint[], %(facets)s::smallint[]) AS u (person_id, facet)) t
    LEFT JOIN population_conflict c
      ON c.person_id = t.person_id AND c.settled_at IS NULL
     AND (%(facet_of)s::smallint[])[c.attribute] = t.facet
    GROUP BY t.person_id, t.facet
) d
WHERE g.person_id = d.person_id AND g.facet = d.facet AND g.disputed IS DISTINCT FROM d.attributes
