-- Whether the grids of an area are others than those of a version.
SELECT EXISTS (
    SELECT FROM district.grid AS g
    FULL JOIN (SELECT * FROM district.grid_of_layer WHERE layer_id = :layer_id) AS l USING (grid_id)
    WHERE (g.area_id = :area_id OR g.area_id IS NULL)
      AND (g.code IS DISTINCT FROM l.code OR ST_AsBinary(g.outline) <> ST_AsBinary(l.outline))
)
