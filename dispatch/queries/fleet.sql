-- Responders of some shifts with where they are. Whoever is of another shift is not read at all.
SELECT
    r.responder_id, r.tier, r.mode, r.call_sign, r.synthetic_fix_age_s,
    CASE WHEN r.synthetic_fix_age_s IS NOT NULL THEN ST_X(r.duty_point) END AS duty_lon,
    CASE WHEN r.synthetic_fix_age_s IS NOT NULL THEN ST_Y(r.duty_point) END AS duty_lat,
    r.skills, p.status, p.accuracy_m, extract(epoch FROM p.fixed_at)::float8 AS fixed_at_s,
    ST_X(p.point) AS lon, ST_Y(p.point) AS lat
FROM dispatch.responder AS r
LEFT JOIN dispatch.position AS p ON p.responder_id = r.responder_id
WHERE r.area_id = :area_id AND r.shift_id = ANY(:on_duty)
ORDER BY r.responder_id
