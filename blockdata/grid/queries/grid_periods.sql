-- The versions in which a code named a grid, with its counts at the end of each.
SELECT l.number, l.grid_id, lower(l.valid) AS valid_from, upper(l.valid) AS valid_to,
       ST_Area(l.outline::geography) / 1e6 AS area_km2,
       k.people, k.legal_entities, k.buildings, k.units, k.key_sites, k.posts
FROM (
    SELECT v.number, v.valid, v.layer_id, g.grid_id, g.outline
    FROM district.grid_layer AS v
    JOIN district.grid_of_layer AS g USING (layer_id)
    WHERE v.area_id = :area_id AND g.code = :code
) AS l
LEFT JOIN LATERAL (
    SELECT * FROM district.grid_count AS c
    WHERE c.layer_id = l.layer_id AND c.grid_id = l.grid_id
    ORDER BY lower(c.valid) DESC LIMIT 1
) AS k ON true
ORDER BY l.number
