-- Give newly stored addresses the grid that they lie in, where the area has grids.
UPDATE register.address AS a
SET grid_id = g.grid_id
FROM district.grid AS g
WHERE a.area_id = :area_id
  AND a.address_id >= :first
  AND g.area_id = :area_id
  AND ST_Covers(g.outline, a.point)
