-- An area's grids with the divisions they lie in, in the order of their codes.
SELECT g.grid_id, g.code, ST_AsBinary(g.outline) AS outline,
       c.community_id, c.code AS community, c.name_zh AS community_zh, c.name_en AS community_en,
       s.street_id, s.code AS street, s.name_zh AS street_zh, s.name_en AS street_en
FROM district.grid AS g
JOIN district.community AS c USING (community_id)
JOIN district.street AS s USING (street_id)
WHERE g.area_id = :area_id
ORDER BY g.code
