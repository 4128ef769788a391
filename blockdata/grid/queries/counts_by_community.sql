-- Counts of communities at a moment.
SELECT c.code, c.name_zh, c.name_en, t.code AS street,
       sum(k.people)::bigint AS people,
       sum(k.legal_entities)::bigint AS legal_entities,
       sum(k.buildings)::bigint AS buildings,
       sum(k.units)::bigint AS units,
       sum(k.key_sites)::bigint AS key_sites,
       sum(k.posts)::bigint AS posts,
       ST_AsBinary(c.outline) AS outline
FROM district.grid_count AS k
JOIN district.grid_of_layer AS g USING (layer_id, grid_id)
JOIN district.community AS c USING (community_id)
JOIN district.street AS t USING (street_id)
WHERE k.area_id = :area_id AND k.valid @> CAST(:at AS timestamptz)
GROUP BY c.community_id, t.code
ORDER BY c.code
