-- Roads of the classes drawn at this zoom. Segments of one name and class are joined end to end:
-- fewer features, and lines long enough to carry a label.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_AsMVT(line, 'roads', 4096, 'geometry')
FROM (
    SELECT
        joined.road_class,
        joined.name_zh,
        joined.name_en,
        joined.bridge,
        joined.tunnel,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(joined.path, 3857), :tolerance_m),
            ST_TileEnvelope(:z, :x, :y), 4096, 128, true
        ) AS geometry
    FROM (
        SELECT
            segment.road_class,
            segment.name_zh,
            segment.name_en,
            segment.bridge,
            segment.tunnel,
            ST_LineMerge(ST_Collect(segment.path)) AS path
        FROM roads.segment
        WHERE
            segment.area_id + 0 = :area_id
            AND segment.road_class = ANY(CAST(:road_classes AS text []))
            AND segment.path
            && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326)
        GROUP BY 1, 2, 3, 4, 5
    ) AS joined
) AS line
