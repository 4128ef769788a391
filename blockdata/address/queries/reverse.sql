-- The nearest addresses to a point with their distance, those of the building it lies in first.
SELECT a.address_id, a.level, a.text_zh AS text, a.name_zh AS name, ST_X(a.point) AS lon, ST_Y(a.point) AS lat,
       g.code AS grid_code, b.code AS building_code,
       ST_Distance(a.point::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography)
           AS distance_m,
       coalesce(ST_Covers(b.footprint, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)), false)
           AS within
FROM (
    SELECT *
    FROM register.address
    WHERE area_id = :area_id AND point IS NOT NULL AND level NOT IN ('unit', 'room')
      AND status <> 'retired'
    ORDER BY point <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)
    LIMIT 40
) AS a
LEFT JOIN district.grid AS g ON g.grid_id = a.grid_id
LEFT JOIN register.building AS b ON b.building_id = a.building_id
ORDER BY within DESC, distance_m, (a.level = 'building') DESC, a.address_id
LIMIT :limit
