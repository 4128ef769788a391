-- Counts of the grids that were valid at a moment, with their divisions.
SELECT g.code, c.code AS community, c.name_zh AS community_zh, c.name_en AS community_en,
       t.code AS street, t.name_zh AS street_zh, t.name_en AS street_en,
       k.people, k.legal_entities, k.buildings, k.units, k.key_sites, k.posts,
       ST_AsBinary(g.outline) AS outline
FROM district.grid_count AS k
JOIN district.grid_of_layer AS g USING (layer_id, grid_id)
JOIN district.community AS c USING (community_id)
JOIN district.street AS t USING (street_id)
WHERE k.area_id = :area_id AND k.valid @> CAST(:at AS timestamptz)
ORDER BY g.code
