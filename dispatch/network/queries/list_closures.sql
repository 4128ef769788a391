SELECT
    c.closure_id, c.segments, c.bound_modes, c.speed_factor, c.reason, c.starts_at, c.until,
    s.roads, s.length_m
FROM roads.closure AS c
CROSS JOIN LATERAL (
    SELECT
        array_agg(DISTINCT coalesce(name_zh, name_en)) AS roads, sum(length_m) AS length_m
    FROM roads.segment
    WHERE area_id = c.area_id AND segment_index = ANY(c.segments)
) AS s
WHERE c.area_id = :area_id AND (c.until IS NULL OR c.until > :moment)
ORDER BY c.closure_id
