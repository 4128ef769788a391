SELECT segment_index
FROM (
    SELECT segment_index, path
    FROM roads.segment
    WHERE area_id = :area_id
    ORDER BY path <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)
    LIMIT 8
) AS near
WHERE ST_DWithin(
    path::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography, :near_m)
ORDER BY ST_Distance(path::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography)
LIMIT 1
