-- Aliases of an address, as known now.
SELECT alias_id, text_zh, source, confidence, lower(valid) AS valid_from, upper(valid) AS valid_to,
       opened_by AS seq
FROM register.address_alias
WHERE address_id = :address_id AND upper_inf(known)
ORDER BY lower(valid), alias_id
