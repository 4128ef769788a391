-- Numbers, estates, buildings and places of an area, each with its grid and divisions.
SELECT a.address_id, a.level, a.parent_id, a.code, a.text_zh, a.name_zh, a.kind,
       ST_X(a.point) AS lon, ST_Y(a.point) AS lat,
       g.code AS grid_code, c.name_zh AS community_zh, s.name_zh AS street_zh
FROM register.address AS a
LEFT JOIN district.grid AS g ON g.grid_id = a.grid_id
LEFT JOIN district.community AS c ON c.community_id = g.community_id
LEFT JOIN district.street AS s ON s.street_id = c.street_id
WHERE a.area_id = :area_id AND a.level NOT IN ('unit', 'room')
  AND a.status <> 'retired'
ORDER BY a.address_id
