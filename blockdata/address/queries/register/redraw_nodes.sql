-- Addresses in grids, units and rooms left out, with the point that says in which grid they lie.
SELECT a.address_id, a.level, a.status, a.code, a.text_zh,
       ST_X(coalesce(a.point, ST_PointOnSurface(b.footprint), ST_PointOnSurface(g.outline))) AS lon,
       ST_Y(coalesce(a.point, ST_PointOnSurface(b.footprint), ST_PointOnSurface(g.outline))) AS lat
FROM register.address AS a
LEFT JOIN register.building AS b ON b.building_id = a.building_id
JOIN district.grid AS g ON g.grid_id = a.grid_id
WHERE a.grid_id = ANY(:grids) AND a.level NOT IN ('unit', 'room')
ORDER BY a.address_id
