-- Buildings with what their load is made of. A rental unit is a room in which a tenant lives.
WITH room AS (
    SELECT a.building_id, count(*) AS residents, bool_or(p.tenure = 'tenant') AS rented
    FROM register.person AS p
    JOIN register.address AS a USING (address_id)
    WHERE p.area_id = :area_id
    GROUP BY a.building_id, a.address_id
), lived_in AS (
    SELECT building_id, sum(residents)::bigint AS residents,
           count(*) FILTER (WHERE rented) AS units
    FROM room
    GROUP BY building_id
)
SELECT c.code AS community, g.code AS grid_code, b.building_id,
       ST_X(ST_Centroid(b.footprint)) AS lon, ST_Y(ST_Centroid(b.footprint)) AS lat,
       coalesce(l.units, 0) AS units, coalesce(l.residents, 0) AS residents,
       ST_Area(b.footprint::geography) AS footprint_m2
FROM register.building AS b
JOIN district.grid AS g USING (grid_id)
JOIN district.community AS c USING (community_id)
LEFT JOIN lived_in AS l USING (building_id)
WHERE b.area_id = :area_id AND (CAST(:community AS text) IS NULL OR c.code = :community)
ORDER BY b.building_id
