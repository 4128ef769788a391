-- One point to write each name at, so that an outline cut by tiles is not named in each of them:
-- streets to zoom 12, communities from 12 to 15, grids (the last two digits) from 15, water.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(spot, 'labels', 4096, 'geometry')
FROM (
    SELECT
        named.kind,
        named.name_zh,
        named.name_en,
        ST_AsMVTGeom(
            ST_Transform(named.point, 3857), ST_TileEnvelope(:z, :x, :y), 4096, 0, true
        ) AS geometry
    FROM (
        SELECT 'street' AS kind, name_zh, name_en, ST_PointOnSurface(outline) AS point
        FROM district.street
        WHERE
            area_id + 0 = :area_id AND :z <= 12
            AND outline && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
        UNION ALL
        SELECT 'community', name_zh, name_en, ST_PointOnSurface(outline)
        FROM district.community
        WHERE
            area_id + 0 = :area_id AND :z BETWEEN 12 AND 15
            AND outline && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
        UNION ALL
        SELECT 'grid', right(code, 2), right(code, 2), ST_PointOnSurface(outline)
        FROM district.grid
        WHERE
            area_id + 0 = :area_id AND :z >= 15
            AND outline && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
        UNION ALL
        SELECT 'water', name_zh, name_en, ST_PointOnSurface(outline)
        FROM district.water
        WHERE
            area_id + 0 = :area_id AND :z >= 10 AND name_zh <> ''
            AND outline && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
    ) AS named
) AS spot
