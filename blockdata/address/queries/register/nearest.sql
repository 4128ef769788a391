-- The living addresses nearest to one, units and rooms left out.
SELECT n.address_id, n.level, n.text_zh, n.name_zh, n.code, n.status,
       ST_X(n.point) AS lon, ST_Y(n.point) AS lat,
       ST_Distance(n.point::geography, at.point::geography) AS distance_m
FROM (
    SELECT a.area_id, a.address_id, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point
    FROM register.address AS a
    WHERE a.address_id = :address_id
) AS at
CROSS JOIN LATERAL (
    SELECT a.*
    FROM register.address AS a
    WHERE a.area_id = at.area_id AND a.point IS NOT NULL AND a.level NOT IN ('unit', 'room')
      AND a.status <> 'retired' AND a.address_id <> at.address_id
    ORDER BY a.point <-> at.point
    LIMIT :limit
) AS n
ORDER BY distance_m, n.address_id
