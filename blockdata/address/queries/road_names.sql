-- The names of roads in an area's network.
SELECT DISTINCT name_zh FROM roads.segment WHERE area_id = :area_id AND name_zh IS NOT NULL
