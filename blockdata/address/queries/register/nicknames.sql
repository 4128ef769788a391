-- Nicknames of estates and places, which people say within longer addresses.
SELECT l.text_zh, l.address_id
FROM register.address_alias AS l
JOIN register.address AS a USING (address_id)
WHERE l.area_id = :area_id AND upper_inf(l.known) AND upper_inf(l.valid)
  AND a.level IN ('estate', 'place') AND a.status <> 'retired'
ORDER BY l.text_zh, l.address_id
