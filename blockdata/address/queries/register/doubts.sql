-- Doubts about an address that stand.
SELECT attribute, evidence, source, lower(known) AS known_from, opened_by AS seq
FROM register.address_doubt
WHERE address_id = :address_id AND upper_inf(known)
ORDER BY attribute
