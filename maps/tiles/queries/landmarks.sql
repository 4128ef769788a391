-- Landmarks: police stations, hospitals, schools, metro stations and their exits, bus stops, parks.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(spot, 'landmarks', 4096, 'geometry')
FROM (
    SELECT
        address.kind,
        address.name_zh,
        ST_AsMVTGeom(
            ST_Transform(address.point, 3857), ST_TileEnvelope(:z, :x, :y), 4096, 64, true
        ) AS geometry
    FROM register.address
    WHERE
        address.area_id + 0 = :area_id
        AND address.kind IS NOT NULL
        AND address.status = 'current'
        AND address.point && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)
) AS spot
