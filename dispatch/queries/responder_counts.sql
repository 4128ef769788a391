-- Responders by tier and shift. Reads no position.
SELECT
    r.tier, s.shift_id, s.name_zh, s.name_en, s.start_minute, s.duration_minutes,
    count(*) AS responders,
    count(*) FILTER (WHERE r.synthetic_fix_age_s IS NOT NULL) AS synthetic
FROM dispatch.responder AS r
JOIN dispatch.shift AS s ON s.shift_id = r.shift_id
WHERE r.area_id = :area_id
GROUP BY r.tier, s.shift_id, s.name_zh, s.name_en, s.start_minute, s.duration_minutes
ORDER BY r.tier, s.start_minute
