-- Name the attributes with an open conflict on the golden rows.
UPDATE population_golden g
SET disputed = d.attributes
FROM (
    SELECT h.place, h.disputed, c.attributes
    FROM (SELECT DISTINCT * FROM unnest(%(persons)s::bigint[], %(facets)s::smallint[])
              AS u (person_id, facet)) t
    CROSS JOIN LATERAL (
        SELECT ctid AS place, disputed FROM population_golden h
        WHERE h.person_id = t.person_id AND h.facet = t.facet
        OFFSET 0
    ) h
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT attribute) AS attributes
        FROM (SELECT * FROM population_conflict c WHERE c.person_id = t.person_id OFFSET 0) c
        WHERE settled_at IS NULL AND (%(facet_of)s::smallint[])[attribute] = t.facet
        OFFSET 0
    ) c
) d
WHERE g.ctid = d.place AND d.disputed IS DISTINCT FROM d.attributes
