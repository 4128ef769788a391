-- Footprints of buildings, and nothing else of them: there are thousands in a tile.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(shape, 'buildings', 4096, 'geometry')
FROM (
    SELECT
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(building.footprint, 3857), :tolerance_m / 2),
            ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM register.building
    WHERE
        building.area_id + 0 = :area_id
        AND building.footprint
        && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
