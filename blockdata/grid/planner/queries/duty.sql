-- Where responders and key places stand. Volunteers are told by position only.
SELECT CASE WHEN tier = 'volunteer' THEN 'volunteer' ELSE tier END AS kind,
       CASE WHEN tier = 'volunteer' THEN NULL ELSE call_sign END AS name,
       ST_X(duty_point) AS lon, ST_Y(duty_point) AS lat
FROM dispatch.responder WHERE area_id = :area_id
UNION ALL
SELECT kind, name_zh, ST_X(point), ST_Y(point)
FROM district.place WHERE area_id = :area_id
ORDER BY 1, 2, 3, 4
