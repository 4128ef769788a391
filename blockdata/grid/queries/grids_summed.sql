-- Sums of the spots by every grid of a version, and by 0 for what lies in none.
SELECT g.grid_id,
       coalesce(sum(s.people), 0)::bigint AS people,
       coalesce(sum(s.legal_entities), 0)::bigint AS legal_entities,
       coalesce(sum(s.buildings), 0)::bigint AS buildings,
       coalesce(sum(s.units), 0)::bigint AS units,
       coalesce(sum(s.key_sites), 0)::bigint AS key_sites,
       coalesce(sum(s.posts), 0)::bigint AS posts
FROM (
    SELECT grid_id FROM district.grid_of_layer WHERE layer_id = :layer_id
    UNION ALL SELECT 0
) AS g
LEFT JOIN district.count_spot AS s ON s.area_id = :area_id AND s.grid_id = g.grid_id
GROUP BY g.grid_id
