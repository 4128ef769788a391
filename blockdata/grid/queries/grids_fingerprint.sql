-- One text for codes and outlines of an area's grids: another text, another layer.
SELECT md5(string_agg(code || md5(ST_AsBinary(outline)), '' ORDER BY code))
FROM district.grid
WHERE area_id = :area_id
