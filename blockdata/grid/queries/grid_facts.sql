-- The divisions of one grid.
SELECT g.code AS grid, c.code AS community, c.name_zh AS community_zh, c.name_en AS community_en,
       s.code AS street, s.name_zh AS street_zh, s.name_en AS street_en
FROM district.grid AS g
JOIN district.community AS c USING (community_id)
JOIN district.street AS s USING (street_id)
WHERE g.area_id = :area_id AND g.code = :code
