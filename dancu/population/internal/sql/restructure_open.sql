-- Homes and stays in these communes whose address a split left open, or will leave open on its day.
FROM (
    SELECT address_id, id AS person_id FROM population_person
    WHERE commune = ANY (%(area)s::text[]) AND status IN (1, 3)
    UNION ALL
    SELECT stay_address_id, id FROM population_person
    WHERE stay_commune = ANY (%(area)s::text[]) AND status IN (1, 3)
) lived
JOIN places_address a ON a.id = lived.address_id
WHERE a.unit_now = ANY (%(area)s::text[])
  AND (NOT a.unit_now_is_sure
       OR EXISTS (SELECT 1 FROM places_placing p
                  WHERE p.address_id = a.id AND p.unit_code = '' AND p.replaced_at IS NULL)
       OR EXISTS (SELECT 1 FROM unnest(%(waiting)s::text[], %(days)s::date[]) w (code, "on")
                  WHERE w.code = a.unit_now
                    AND NOT EXISTS (SELECT 1 FROM places_placing p
                                    WHERE p.address_id = a.id AND p."on" = w."on"
                                      AND p.level = 'commune' AND p.replaced_at IS NULL)))
