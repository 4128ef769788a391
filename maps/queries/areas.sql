-- Every area with its bounds (its outline's, else its road nodes') and whether it holds addresses,
-- roads and responders.
SELECT
    area.name,
    area.title_zh,
    area.title_en,
    area.synthetic,
    area.source,
    area.profile,
    area.scale,
    ST_XMin(extent.box) AS west,
    ST_YMin(extent.box) AS south,
    ST_XMax(extent.box) AS east,
    ST_YMax(extent.box) AS north,
    EXISTS (SELECT FROM register.address WHERE address.area_id = area.area_id) AS has_addresses,
    EXISTS (SELECT FROM roads.segment WHERE segment.area_id = area.area_id) AS has_roads,
    EXISTS (SELECT FROM dispatch.responder WHERE responder.area_id = area.area_id) AS has_responders,
    EXISTS (
        SELECT FROM dispatch.responder
        WHERE responder.area_id = area.area_id AND responder.synthetic_fix_age_s IS NOT NULL
    ) AS synthetic_responders
FROM district.area
CROSS JOIN LATERAL (
    SELECT coalesce(
        box2d(area.outline),
        (SELECT ST_Extent(node.point) FROM roads.node WHERE node.area_id = area.area_id)
    ) AS box
) AS extent
ORDER BY area.area_id
