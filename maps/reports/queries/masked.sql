-- Duty points of the tiers that are masked until they accept, to be counted by coarse cells only.
-- `area_id + 0` keeps the index on areas out: rows are found by place, of which there are few.
SELECT ST_X(duty_point) AS lon, ST_Y(duty_point) AS lat
FROM dispatch.responder
WHERE
    area_id + 0 = :area_id
    AND tier = ANY(:masked)
    AND duty_point && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
