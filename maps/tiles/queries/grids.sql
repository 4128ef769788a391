-- Outlines of base grids.
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
        grid.area_id = :area_id
        AND grid.outline && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
WHERE shape.geometry IS NOT NULL
