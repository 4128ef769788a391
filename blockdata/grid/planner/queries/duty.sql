-- Where responders and key places stand. Tiers that are masked are left out: a plan that tells how
-- many change grid tells, plan by plan, on which side of a border each of them stands.
SELECT tier AS kind, call_sign AS name, ST_X(duty_point) AS lon, ST_Y(duty_point) AS lat
FROM dispatch.responder WHERE area_id = :area_id AND tier <> ALL(:masked)
UNION ALL
SELECT kind, name_zh, ST_X(point), ST_Y(point)
FROM district.place WHERE area_id = :area_id
ORDER BY 1, 2, 3, 4
