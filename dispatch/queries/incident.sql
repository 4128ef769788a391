-- Whether a point lies in the area's outline (true where it has none), and its grid.
SELECT
    coalesce(ST_Covers(a.outline, point.at), true) AS inside,
    g.code, c.name_zh AS community_zh, c.name_en AS community_en,
    s.name_zh AS street_zh, s.name_en AS street_en
FROM district.area AS a
CROSS JOIN (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS at) AS point
LEFT JOIN district.grid AS g ON g.area_id = a.area_id AND ST_Covers(g.outline, point.at)
LEFT JOIN district.community AS c ON c.community_id = g.community_id
LEFT JOIN district.street AS s ON s.street_id = c.street_id
WHERE a.area_id = :area_id
ORDER BY g.grid_id
LIMIT 1
