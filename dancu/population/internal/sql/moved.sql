-- Rows whose number leads to another person than it did before the people were locked: a merge of
-- records, or the undo of one, was committed between. From here on the locks keep numbers in place.
-- What is looked up is put together first: asked only whether there is one row, the planner would
-- go through all rows of one table for each of the other.
WITH asked AS MATERIALIZED (
    SELECT i.pid, e.person_id
    FROM entering e JOIN incoming i USING (n)
    WHERE NOT e.is_new AND i.person_id IS NULL
)
SELECT EXISTS (
    SELECT FROM asked a
    CROSS JOIN LATERAL (
        SELECT person_id FROM population_pid WHERE pid = a.pid OFFSET 0
    ) now
    WHERE now.person_id <> a.person_id
)
