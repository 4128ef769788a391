-- Addresses in grids, units and rooms left out, with the point that says in which grid they lie: of
-- a building a point within, as doors stand on the border of the road.
SELECT a.address_id, a.level, a.status, a.code, a.text_zh,
       ST_X(at.point) AS lon, ST_Y(at.point) AS lat
FROM register.address AS a
LEFT JOIN register.building AS b ON b.building_id = a.building_id
JOIN district.grid AS g ON g.grid_id = a.grid_id
CROSS JOIN LATERAL (
    SELECT coalesce(
        CASE WHEN a.level = 'building' THEN ST_PointOnSurface(b.footprint) END,
        a.point, ST_PointOnSurface(b.footprint), ST_PointOnSurface(g.outline)
    ) AS point
) AS at
WHERE a.grid_id = ANY(:grids) AND a.level NOT IN ('unit', 'room')
ORDER BY a.address_id
