-- Key sites (重点部位) and standing police points (屯警点).
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(spot, 'places', 4096, 'geometry')
FROM (
    SELECT
        place.kind,
        place.name_zh,
        place.name_en,
        ST_AsMVTGeom(
            ST_Transform(place.point, 3857), ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM district.place
    WHERE
        place.area_id + 0 = :area_id
        AND place.point && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
) AS spot
