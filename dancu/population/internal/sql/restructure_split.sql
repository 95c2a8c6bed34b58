-- People by where the rules of a decision send the address of their home; nowhere when unclear.
SELECT d.level, d.from_code, d.to_code, count(DISTINCT p.address_id), count(*)
FROM incoming_decided d
JOIN population_person p ON p.address_id = d.address_id AND p.status IN (1, 3)
GROUP BY 1, 2, 3
