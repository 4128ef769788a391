-- Buildings' address points with the grid each is registered in: at most :most, spread by their id.
SELECT ST_X(a.point) AS lon, ST_Y(a.point) AS lat, g.code
FROM register.address AS a
JOIN district.grid AS g USING (grid_id)
WHERE a.area_id = :area_id AND a.level = 'building' AND a.point IS NOT NULL
ORDER BY md5(a.address_id::text)
LIMIT :most
