-- Aliases of an area that hold now, of addresses that live.
SELECT l.text_zh, l.address_id, l.confidence, a.level
FROM register.address_alias AS l
JOIN register.address AS a USING (address_id)
WHERE l.area_id = :area_id AND upper_inf(l.known) AND upper_inf(l.valid) AND a.status <> 'retired'
ORDER BY l.text_zh, l.confidence DESC, l.address_id
