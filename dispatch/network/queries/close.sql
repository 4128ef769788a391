INSERT INTO roads.closure
    (area_id, segments, bound_modes, speed_factor, reason, starts_at, until)
VALUES (:area_id, :segments, :bound_modes, :speed_factor, :reason, :starts_at, :until)
RETURNING closure_id
