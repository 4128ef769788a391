-- Every building with the parts of its written address, and one of its rooms.
SELECT b.address_id, b.text_zh, b.label_zh, b.name_zh,
       e.label_zh AS estate_zh, n.label_zh AS number_zh,
       c.name_zh AS community_zh, s.name_zh AS street_zh,
       r.label_zh AS room_zh, u.label_zh AS unit_zh
FROM register.address AS b
JOIN district.grid AS g ON g.grid_id = b.grid_id
JOIN district.community AS c ON c.community_id = g.community_id
JOIN district.street AS s ON s.street_id = c.street_id
LEFT JOIN register.address AS e ON e.address_id = b.parent_id AND e.level = 'estate'
LEFT JOIN register.address AS n ON n.address_id = e.parent_id AND n.level = 'number'
LEFT JOIN register.address AS u
    ON u.parent_id = b.address_id AND u.level = 'unit' AND u.label_zh = '1单元'
LEFT JOIN LATERAL (
    SELECT label_zh FROM register.address AS r
    WHERE r.parent_id = coalesce(u.address_id, b.address_id) AND r.level = 'room'
    ORDER BY r.address_id LIMIT 1
) AS r ON true
WHERE b.area_id = :area_id AND b.level = 'building'
ORDER BY b.address_id
