SELECT closure_id, segments, bound_modes, speed_factor
FROM roads.closure
WHERE area_id = :area_id AND starts_at <= :moment AND (until IS NULL OR until > :moment)
ORDER BY closure_id
