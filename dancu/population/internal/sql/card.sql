-- The index card of a person, computed from core facts: {facts} of each row of {source}, which has
-- person_id and whatever the writer needs besides. A stay is on the card where it is not at home.
SELECT {source}.*,
       home.id AS address_id,
       nullif(stay.id, home.id) AS stay_address_id,
       n.id AS name_id,
       CASE f ->> '{life_status}'
           WHEN 'CHET' THEN 2 WHEN 'MAT_TICH' THEN 3 ELSE 1 END::smallint AS status,
       left(f ->> '{birth_date}', 4)::smallint AS birth_year,
       f ->> '{sex}' AS sex,
       nullif(home.unit_now, '') AS commune,
       nullif(nullif(stay.unit_now, ''), home.unit_now) AS stay_commune,
       f ->> '{pid}' AS pid,
       f ->> '{old_id_number}' AS old_id_number,
       f ->> '{household_number}' AS household,
       f ->> '{father_pid}' AS father_pid,
       f ->> '{mother_pid}' AS mother_pid
FROM {source}
CROSS JOIN LATERAL (SELECT {source}.{facts} AS f) facts
LEFT JOIN LATERAL (
    SELECT id FROM population_nameform WHERE full_name = f ->> '{full_name}' OFFSET 0
) n ON true
LEFT JOIN LATERAL (
    SELECT id, unit_now FROM places_address
    WHERE id = (f ->> '{permanent_residence}')::bigint OFFSET 0
) home ON true
LEFT JOIN LATERAL (
    SELECT id, unit_now FROM places_address
    WHERE id = coalesce(f ->> '{temporary_residence}', f ->> '{current_residence}')::bigint OFFSET 0
) stay ON true
