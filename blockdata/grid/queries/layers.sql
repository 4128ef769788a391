-- The versions of an area's grids, the oldest first.
SELECT l.layer_id, l.number, l.source, lower(l.valid) AS valid_from, upper(l.valid) AS valid_to,
       (SELECT count(*) FROM district.grid_of_layer AS g WHERE g.layer_id = l.layer_id) AS grids
FROM district.grid_layer AS l
WHERE l.area_id = :area_id
ORDER BY l.number
