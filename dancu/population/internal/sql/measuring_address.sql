LEFT JOIN LATERAL (
    SELECT unit_code AS a{key}_code, code_date AS a{key}_day, unit_code <> '' AS a{key}_unit,
           unit_code <> '' AND NOT unit_now_is_sure AS a{key}_split
    FROM places_address a WHERE a.id = (v.t{key})::bigint OFFSET 0
) a{key} ON true
