-- Outlines of communities (社区).
SELECT ST_AsMVT(shape, 'communities', 4096, 'geometry')
FROM (
    SELECT
        community.code,
        community.name_zh,
        community.name_en,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(community.outline, 3857), :tolerance_m),
            ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM district.community
    WHERE
        community.area_id = :area_id
        AND community.outline && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
WHERE shape.geometry IS NOT NULL
