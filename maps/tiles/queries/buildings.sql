-- Footprints of buildings, with their floors.
SELECT ST_AsMVT(shape, 'buildings', 4096, 'geometry')
FROM (
    SELECT
        building.kind,
        building.floors,
        building.name_zh,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(building.footprint, 3857), :tolerance_m / 2),
            ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM register.building
    WHERE
        building.area_id = :area_id
        AND building.footprint
        && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
WHERE shape.geometry IS NOT NULL
