-- The streets and communities of an area by name.
SELECT 'street' AS level, street_id AS id, name_zh, name_zh AS street_zh
FROM district.street
WHERE area_id = :area_id
UNION ALL
SELECT 'community', c.community_id, c.name_zh, s.name_zh
FROM district.community AS c
JOIN district.street AS s ON s.street_id = c.street_id
WHERE c.area_id = :area_id
