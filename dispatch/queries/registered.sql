-- How many there are of each tier, and how many of them are on duty. Reads no position.
SELECT
    tier,
    count(*) AS registered,
    count(*) FILTER (WHERE shift_id = ANY(:on_duty)) AS on_duty
FROM dispatch.responder
WHERE area_id = :area_id
GROUP BY tier
