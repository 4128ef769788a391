-- The staged rows of an import become places of the area.
INSERT INTO register.address (address_id, area_id, level, label_zh, text_zh, name_zh, point, kind)
SELECT :start + n, :area_id, 'place', coalesce(name_zh, text_zh), text_zh, name_zh,
       ST_SetSRID(ST_MakePoint(lon, lat), 4326), kind
FROM import_rows
ORDER BY n
