-- Which grids held a 14-digit code, with the codes of the grids that lie there now.
SELECT g.grid_id, r.name AS area, lower(g.valid) AS valid_from, upper(g.valid) AS valid_to,
       ARRAY(
           SELECT n.code FROM district.grid AS n
           WHERE n.area_id = g.area_id AND ST_Intersects(n.outline, g.outline)
             AND ST_Area(ST_Intersection(n.outline, g.outline)) > 1e-3 * ST_Area(g.outline)
           ORDER BY n.code
       ) AS codes_now
FROM (
    SELECT grid_id, area_id, code, outline, valid FROM district.grid_history
    UNION ALL
    SELECT grid_id, area_id, code, outline, tstzrange(since, NULL) FROM district.grid
) AS g
JOIN district.area AS r ON r.area_id = g.area_id
WHERE g.code = :code
  AND (CAST(:area_id AS integer) IS NULL OR g.area_id = :area_id)
  AND (CAST(:at AS timestamptz) IS NULL OR g.valid @> CAST(:at AS timestamptz))
ORDER BY g.valid, g.grid_id
