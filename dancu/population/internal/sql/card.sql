-- The index card of a person, computed from core facts: of each row of {source}, which has person_id
-- and whatever the writer needs besides. Each name in braces is a fact as text. A stay is on the
-- card where it is not at home.
SELECT {source}.*,
       home.id AS address_id,
       nullif(stay.id, home.id) AS stay_address_id,
       n.id AS name_id,
       CASE {life_status} WHEN 'CHET' THEN 2 WHEN 'MAT_TICH' THEN 3 ELSE 1 END::smallint AS status,
       left({birth_date}, 4)::smallint AS birth_year,
       {sex} AS sex,
       nullif(home.unit_now, '') AS commune,
       nullif(nullif(stay.unit_now, ''), home.unit_now) AS stay_commune,
       {pid} AS pid,
       {old_id_number} AS old_id_number,
       {household_number} AS household,
       {father_pid} AS father_pid,
       {mother_pid} AS mother_pid
FROM {source}
LEFT JOIN LATERAL (
    SELECT id FROM population_nameform WHERE full_name = {full_name} OFFSET 0
) n ON true
LEFT JOIN LATERAL (
    SELECT id, unit_now FROM places_address
    WHERE id = ({permanent_residence})::bigint OFFSET 0
) home ON true
LEFT JOIN LATERAL (
    SELECT id, unit_now FROM places_address
    WHERE id = coalesce({temporary_residence}, {current_residence})::bigint OFFSET 0
) stay ON true
