-- Outlines of communities (社区).
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
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
        community.area_id + 0 = :area_id
        AND community.outline && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
