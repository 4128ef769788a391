-- Outlines of streets (街道).
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(shape, 'streets', 4096, 'geometry')
FROM (
    SELECT
        street.code,
        street.name_zh,
        street.name_en,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(street.outline, 3857), :tolerance_m),
            ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM district.street
    WHERE
        street.area_id + 0 = :area_id
        AND street.outline && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
