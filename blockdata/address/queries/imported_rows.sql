-- What makes an imported address the same as another: its words and its place.
SELECT text_zh, name_zh, ST_X(point), ST_Y(point)
FROM register.address
WHERE area_id = :area_id AND point IS NOT NULL
