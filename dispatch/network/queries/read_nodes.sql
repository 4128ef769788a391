SELECT coalesce(osm_id, 0) AS osm_id, ST_AsBinary(point) AS wkb
FROM roads.node
WHERE area_id = :area_id
ORDER BY node_index
