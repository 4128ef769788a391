-- Grids by the beginning of their code or by a point (lowest code first: the rule for edges).
SELECT g.code, c.code AS community, c.name_zh AS community_zh, c.name_en AS community_en,
       s.code AS street, s.name_zh AS street_zh, s.name_en AS street_en
FROM district.grid AS g
JOIN district.community AS c USING (community_id)
JOIN district.street AS s USING (street_id)
WHERE g.area_id = :area_id
  AND (CAST(:code AS text) IS NULL OR starts_with(g.code, :code))
  AND (CAST(:lon AS float8) IS NULL
       OR ST_Intersects(g.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))
ORDER BY g.code
LIMIT :limit OFFSET :offset
