-- Roads on the ground: what runs in a tunnel divides nothing above it.
SELECT s.road_class, ST_AsBinary(s.path) AS path
FROM roads.segment AS s
WHERE s.area_id = :area_id AND NOT s.tunnel
  AND (CAST(:community AS text) IS NULL OR EXISTS (
      SELECT FROM district.community AS c
      WHERE c.area_id = :area_id AND c.code = :community AND c.outline && s.path))
ORDER BY s.segment_index
