-- Water surfaces; ponds too small to see at this zoom vanish in the simplification.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(shape, 'water', 4096, 'geometry')
FROM (
    SELECT
        water.name_zh,
        water.name_en,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(water.outline, 3857), :tolerance_m),
            ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM district.water
    WHERE
        water.area_id + 0 = :area_id
        AND water.outline && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.015625), 4326)
) AS shape
