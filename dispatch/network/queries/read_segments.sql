SELECT
    from_node, to_node, length_m, road_class, name_zh, name_en, oneway, access_modes,
    coalesce(maxspeed_kph, 0) AS maxspeed_kph, bridge, tunnel,
    coalesce(osm_way_id, 0) AS osm_way_id, ST_AsBinary(path) AS wkb
FROM roads.segment
WHERE area_id = :area_id
ORDER BY segment_index
