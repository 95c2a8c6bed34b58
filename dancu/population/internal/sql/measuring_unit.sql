-- At most one unit bears a code on a day.
LEFT JOIN places_unit u{key} ON u{key}.code = a{key}.a{key}_code
    AND u{key}.valid_from <= a{key}.a{key}_day
    AND (u{key}.valid_to IS NULL OR u{key}.valid_to > a{key}.a{key}_day)
