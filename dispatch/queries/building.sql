-- The building of an address, the address' floor, and the building's entrances, main ones first.
SELECT b.kind, b.floors, a.floor, e.lons, e.lats
FROM register.address AS a
JOIN register.building AS b ON b.building_id = a.building_id
CROSS JOIN LATERAL (
    SELECT
        array_agg(ST_X(point) ORDER BY kind, entrance_id) AS lons,
        array_agg(ST_Y(point) ORDER BY kind, entrance_id) AS lats
    FROM register.entrance
    WHERE building_id = b.building_id
) AS e
WHERE a.address_id = :address_id
