-- Communities of an area, with their outline as WKB.
SELECT c.code, c.name_zh, c.name_en, ST_AsBinary(c.outline) AS outline
FROM district.community AS c
WHERE c.area_id = :area_id AND (CAST(:community AS text) IS NULL OR c.code = :community)
ORDER BY c.code
