-- A new grid; its id was never another's. Nothing where the community is missing.
INSERT INTO district.grid (grid_id, area_id, community_id, code, outline, since)
SELECT 1 + greatest(
           (SELECT max(grid_id) FROM district.grid WHERE area_id = :area_id),
           (SELECT max(grid_id) FROM district.grid_history WHERE area_id = :area_id)
       ),
       c.area_id, c.community_id, :code, ST_SetSRID(ST_Multi(CAST(:outline AS geometry)), 4326),
       e.valid_from
FROM district.community AS c
JOIN register.event AS e ON e.area_id = c.area_id AND e.seq = :seq
WHERE c.area_id = :area_id AND c.code = :community
RETURNING grid_id
