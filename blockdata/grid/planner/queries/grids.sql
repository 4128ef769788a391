-- The grids of today.
SELECT c.code AS community, g.code, ST_AsBinary(g.outline) AS outline
FROM district.grid AS g
JOIN district.community AS c USING (community_id)
WHERE g.area_id = :area_id AND (CAST(:community AS text) IS NULL OR c.code = :community)
ORDER BY g.code
