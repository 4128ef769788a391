-- What is drawn around a grid, layer by layer, cut to the window; coordinates to 11 cm.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
WITH view AS (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box)
SELECT
    'water' AS layer,
    jsonb_build_object('name_zh', name_zh, 'name_en', name_en) AS facts,
    ST_AsGeoJSON(ST_Intersection(outline, box), 6)::jsonb AS geometry
FROM district.water, view
WHERE area_id + 0 = :area_id AND outline && box
UNION ALL
SELECT
    'grids',
    jsonb_build_object('code', code),
    ST_AsGeoJSON(outline, 6)::jsonb
FROM district.grid, view
WHERE area_id + 0 = :area_id AND outline && box
UNION ALL
SELECT
    'buildings',
    jsonb_build_object('name_zh', name_zh, 'floors', floors, 'inside', grid_id = :grid_id),
    ST_AsGeoJSON(footprint, 6)::jsonb
FROM register.building, view
WHERE area_id + 0 = :area_id AND footprint && box
UNION ALL
SELECT
    'roads',
    jsonb_build_object(
        'name_zh', coalesce(name_zh, ''), 'name_en', coalesce(name_en, ''), 'road_class', road_class
    ),
    ST_AsGeoJSON(ST_LineMerge(ST_Collect(path)), 6)::jsonb
FROM roads.segment, view
WHERE area_id + 0 = :area_id AND path && box
GROUP BY name_zh, name_en, road_class
UNION ALL
SELECT
    'places',
    jsonb_build_object('name_zh', name_zh, 'name_en', name_en, 'kind', kind),
    ST_AsGeoJSON(point, 6)::jsonb
FROM district.place, view
WHERE area_id + 0 = :area_id AND point && box
UNION ALL
SELECT
    'duty',
    jsonb_build_object('tier', tier, 'responders', count(*)),
    ST_AsGeoJSON(ST_SnapToGrid(duty_point, 0.0005), 6)::jsonb
FROM dispatch.responder, view
WHERE area_id + 0 = :area_id AND tier <> ALL(:masked) AND duty_point && box
GROUP BY tier, ST_SnapToGrid(duty_point, 0.0005)
