-- Every version of an address, in the order in which they became known, with their events.
SELECT p.level, p.status, p.parent_id, p.grid_code, p.code, p.label_zh, p.text_zh, p.name_zh,
       p.floor, ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
       lower(p.valid) AS valid_from, upper(p.valid) AS valid_to,
       lower(p.known) AS known_from, upper(p.known) AS known_to,
       p.opened_by AS seq, coalesce(e.kind, 'load') AS kind, coalesce(e.source, r.source) AS source
FROM register.address_period AS p
JOIN district.area AS r ON r.area_id = p.area_id
LEFT JOIN register.event AS e ON e.area_id = p.area_id AND e.seq = p.opened_by
WHERE p.address_id = :address_id
ORDER BY lower(p.known), lower(p.valid)
