-- Outlines of base grids.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(shape, 'grids', 4096, 'geometry')
FROM (
    SELECT
        grid.code,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(grid.outline, 3857), :tolerance_m),
            ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM district.grid
    WHERE
        grid.area_id + 0 = :area_id
        AND grid.outline && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
