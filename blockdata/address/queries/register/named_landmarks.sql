-- Landmarks among some addresses, with their names.
SELECT address_id, name_zh
FROM register.address
WHERE address_id = ANY(:ids) AND kind IS NOT NULL AND name_zh IS NOT NULL AND status <> 'retired'
ORDER BY address_id
