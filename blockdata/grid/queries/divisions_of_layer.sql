-- The grids of a version with the codes of their community and street.
SELECT g.grid_id, g.code AS grid, c.code AS community, s.code AS street
FROM district.grid_of_layer AS g
JOIN district.community AS c USING (community_id)
JOIN district.street AS s USING (street_id)
WHERE g.layer_id = :layer_id
