UPDATE roads.closure SET until = :moment
WHERE area_id = :area_id AND closure_id = :closure_id AND (until IS NULL OR until > :moment)
RETURNING closure_id
