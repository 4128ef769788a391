-- One address of any level with its place, grid and divisions; a room's place is its building's.
SELECT a.address_id, a.level, a.parent_id, a.building_id,
       CASE WHEN a.status <> 'retired' THEN a.code END AS code, a.label_zh, a.text_zh, a.name_zh,
       a.floor, a.status, a.kind, g.code AS grid_code,
       c.name_zh AS community_zh, c.name_en AS community_en,
       s.name_zh AS street_zh, s.name_en AS street_en,
       ST_X(coalesce(a.point, b.point)) AS lon, ST_Y(coalesce(a.point, b.point)) AS lat,
       r.name AS area, r.synthetic
FROM register.address AS a
JOIN district.area AS r ON r.area_id = a.area_id
LEFT JOIN LATERAL (
    SELECT o.point, o.grid_id FROM register.address AS o
    WHERE o.building_id = a.building_id AND o.point IS NOT NULL
    ORDER BY o.address_id LIMIT 1
) AS b ON a.building_id IS NOT NULL
LEFT JOIN district.grid AS g ON g.grid_id = coalesce(a.grid_id, b.grid_id)
LEFT JOIN district.community AS c ON c.community_id = g.community_id
LEFT JOIN district.street AS s ON s.street_id = c.street_id
WHERE a.address_id = :address_id
