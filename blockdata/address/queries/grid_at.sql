-- The grid in which a point lies, the lowest code on an edge, with its divisions.
SELECT g.code, c.name_zh AS community_zh, c.name_en AS community_en,
       s.name_zh AS street_zh, s.name_en AS street_en
FROM district.grid AS g
JOIN district.community AS c ON c.community_id = g.community_id
JOIN district.street AS s ON s.street_id = c.street_id
WHERE g.area_id = :area_id
  AND ST_Covers(g.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
ORDER BY g.code
LIMIT 1
