-- Where roads of two sets of names share a node of the network.
WITH ends AS (
    SELECT name_zh, unnest(ARRAY[from_node, to_node]) AS node_index
    FROM roads.segment
    WHERE area_id = :area_id AND (name_zh = ANY (:first) OR name_zh = ANY (:second))
)
SELECT ST_X(n.point), ST_Y(n.point)
FROM roads.node n
WHERE n.area_id = :area_id
  AND n.node_index IN (SELECT node_index FROM ends WHERE name_zh = ANY (:first))
  AND n.node_index IN (SELECT node_index FROM ends WHERE name_zh = ANY (:second))
