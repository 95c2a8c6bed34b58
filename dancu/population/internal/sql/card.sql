-- The index card of a person, computed from the facts of the core facet (%(person)s → f).
-- {column} placeholders are attribute numbers, filled in from the data dictionary.
SELECT {source}.person_id AS id,
       home.id AS address_id,
       stay.id AS stay_address_id,
       n.id AS name_id,
       CASE f ->> '{life_status}' WHEN 'CHET' THEN 2 WHEN 'MAT_TICH' THEN 3 ELSE 1 END::smallint AS status,
       left(f ->> '{birth_date}', 4)::smallint AS birth_year,
       f ->> '{sex}' AS sex,
       nullif(home.unit_now, '') AS commune,
       nullif(stay.unit_now, '') AS stay_commune,
       f ->> '{pid}' AS pid,
       f ->> '{old_id_number}' AS old_id_number,
       f ->> '{household_number}' AS household,
       f ->> '{father_pid}' AS father_pid,
       f ->> '{mother_pid}' AS mother_pid
FROM {source}
CROSS JOIN LATERAL (SELECT {source}.{facts} AS f) facts
LEFT JOIN population_nameform n ON n.full_name = f ->> '{full_name}'
LEFT JOIN places_address home ON home.id = (f ->> '{permanent_residence}')::bigint
LEFT JOIN places_address stay
       ON stay.id = coalesce(f ->> '{temporary_residence}', f ->> '{current_residence}')::bigint
WHERE {source}.facet = {core}
