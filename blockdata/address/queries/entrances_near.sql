-- Entrances of a building, the nearest to a point first.
SELECT e.entrance_id, e.kind, ST_X(e.point) AS lon, ST_Y(e.point) AS lat,
       ST_Distance(e.point::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography)
           AS distance_m
FROM register.entrance AS e
JOIN register.address AS a ON a.building_id = e.building_id
WHERE a.address_id = :address_id
ORDER BY distance_m
