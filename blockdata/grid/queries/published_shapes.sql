-- Outlines and names of what a publication counts by division; H3 cells are drawn by their index.
SELECT 'grid' AS division, g.code, NULL AS name_zh, NULL AS name_en, ST_AsBinary(g.outline) AS outline
FROM district.grid_of_layer AS g WHERE g.layer_id = :layer_id
UNION ALL
SELECT 'community', c.code, c.name_zh, c.name_en, ST_AsBinary(c.outline)
FROM district.community AS c WHERE c.area_id = :area_id
UNION ALL
SELECT 'street', s.code, s.name_zh, s.name_en, ST_AsBinary(s.outline)
FROM district.street AS s WHERE s.area_id = :area_id
UNION ALL
SELECT 'district', a.name, a.title_zh, a.title_en, ST_AsBinary(a.outline)
FROM district.area AS a WHERE a.area_id = :area_id
