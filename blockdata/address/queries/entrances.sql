-- Entrances of a building, which have positions of their own.
SELECT e.entrance_id, e.kind, ST_X(e.point) AS lon, ST_Y(e.point) AS lat
FROM register.entrance AS e
WHERE e.building_id = :building_id
ORDER BY e.kind, e.entrance_id
