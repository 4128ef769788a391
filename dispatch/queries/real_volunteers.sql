-- Whether an area has volunteers who are not made up and whose position is known.
SELECT EXISTS (
    SELECT
    FROM dispatch.responder AS r
    JOIN dispatch.position AS p ON p.responder_id = r.responder_id
    WHERE r.area_id = :area_id AND r.tier = 'volunteer' AND r.synthetic_fix_age_s IS NULL
)
