-- Counts of streets at a moment.
SELECT t.code, t.name_zh, t.name_en,
       sum(k.people)::bigint AS people,
       sum(k.legal_entities)::bigint AS legal_entities,
       sum(k.buildings)::bigint AS buildings,
       sum(k.units)::bigint AS units,
       sum(k.key_sites)::bigint AS key_sites,
       sum(k.posts)::bigint AS posts,
       ST_AsBinary(t.outline) AS outline
FROM district.grid_count AS k
JOIN district.grid_of_layer AS g USING (layer_id, grid_id)
JOIN district.community AS c USING (community_id)
JOIN district.street AS t USING (street_id)
WHERE k.area_id = :area_id AND k.valid @> CAST(:at AS timestamptz)
GROUP BY t.street_id
ORDER BY t.code
