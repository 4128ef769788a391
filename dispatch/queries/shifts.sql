SELECT shift_id, weekday_mask, start_minute, duration_minutes
FROM dispatch.shift
WHERE area_id = :area_id
ORDER BY shift_id
