-- Rows whose number leads to another person than it did before the people were locked: a merge of
-- records, or the undo of one, was committed between. From here on the locks keep numbers in place.
SELECT EXISTS (
    SELECT FROM entering e
    JOIN incoming i USING (n)
    CROSS JOIN LATERAL (
        SELECT person_id FROM population_pid WHERE pid = i.pid OFFSET 0
    ) now
    WHERE NOT e.is_new AND i.person_id IS NULL AND now.person_id <> e.person_id
)
