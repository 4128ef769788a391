-- The skills of an area's responders, on duty or not: who is on duty is not to be told by them.
SELECT DISTINCT skill
FROM dispatch.responder
CROSS JOIN LATERAL unnest(skills) AS skill
WHERE area_id = :area_id
ORDER BY skill
