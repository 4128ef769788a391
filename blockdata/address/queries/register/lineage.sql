-- Where an address came from and what follows on it, one step each way.
SELECT l.kind, l.valid_from, l.seq, l.from_id, f.text_zh AS from_text, l.to_id, t.text_zh AS to_text
FROM register.address_lineage AS l
JOIN register.address AS f ON f.address_id = l.from_id
JOIN register.address AS t ON t.address_id = l.to_id
WHERE l.from_id = :address_id OR l.to_id = :address_id
ORDER BY l.seq, l.from_id, l.to_id
