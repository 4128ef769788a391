-- Counts of a whole area at a moment; what lies in no grid is counted too.
SELECT a.name AS code, a.title_zh AS name_zh, a.title_en AS name_en,
       sum(k.people)::bigint AS people,
       sum(k.legal_entities)::bigint AS legal_entities,
       sum(k.buildings)::bigint AS buildings,
       sum(k.units)::bigint AS units,
       sum(k.key_sites)::bigint AS key_sites,
       sum(k.posts)::bigint AS posts,
       ST_AsBinary(a.outline) AS outline
FROM district.grid_count AS k
JOIN district.area AS a USING (area_id)
WHERE k.area_id = :area_id AND k.valid @> CAST(:at AS timestamptz)
GROUP BY a.area_id
