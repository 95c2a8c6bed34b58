-- Rows that cannot be accepted, one reason each: a new person whose PID is already given, a row about
-- a PID nobody has, a new PID for somebody that another person has. (Numbers given twice within one
-- chunk are found before it gets here.)
INSERT INTO refused (n, field, code)
SELECT n, 'pid', CASE WHEN taken_by IS NOT NULL THEN 'pid-already-given' ELSE 'person-unknown' END
FROM resolved
WHERE (is_new AND taken_by IS NOT NULL)
   OR (NOT is_new AND (person_id IS NULL OR taken_by <> person_id))
RETURNING n, field, code
