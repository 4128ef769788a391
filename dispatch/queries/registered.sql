-- How many there are of each tier, how many of them are on duty, and whether any is made up.
-- Reads no position.
SELECT
    tier,
    count(*) AS registered,
    count(*) FILTER (WHERE shift_id = ANY(:on_duty)) AS on_duty,
    bool_or(synthetic_fix_age_s IS NOT NULL) AS synthetic
FROM dispatch.responder
WHERE area_id = :area_id
GROUP BY tier
