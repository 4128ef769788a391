-- Units and rooms of an area: only what tells them apart within their building.
SELECT a.address_id, a.level, a.parent_id, a.label_zh
FROM register.address AS a
WHERE a.area_id = :area_id AND a.level IN ('unit', 'room') AND a.status <> 'retired'
ORDER BY a.address_id
