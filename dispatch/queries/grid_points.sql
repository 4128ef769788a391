-- A point in every grid of an area, to ask who covers it.
SELECT g.code, ST_X(p.point) AS lon, ST_Y(p.point) AS lat
FROM district.grid AS g
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(g.outline) AS point) AS p
WHERE g.area_id = :area_id
ORDER BY g.grid_id
