-- Who held a building or house code, as known now: the building of its first 19 digits, and for 25
-- the room of the last 6 below it, for the time when both held.
WITH holder AS (
    SELECT v.address_id, v.area_id, v.valid
    FROM register.address_version AS v
    WHERE v.code = :building AND v.level = 'building' AND v.status <> 'retired'
      AND upper_inf(v.known)
    UNION ALL
    SELECT a.address_id, a.area_id, tstzrange(a.since, NULL)
    FROM register.address AS a
    WHERE a.code = :building AND a.level = 'building' AND a.status <> 'retired'
      AND NOT EXISTS (
          SELECT FROM register.address_version AS v WHERE v.address_id = a.address_id
      )
), above AS (
    SELECT address_id, area_id, valid FROM holder
    UNION ALL
    SELECT u.address_id, u.area_id, u.valid * h.valid
    FROM holder AS h
    CROSS JOIN LATERAL (
        -- the offset: see as_of.sql
        SELECT * FROM register.address_period AS q WHERE q.parent_id = h.address_id OFFSET 0
    ) AS u
    WHERE u.level = 'unit' AND u.valid && h.valid AND upper_inf(u.known)
      AND CAST(:room AS text) IS NOT NULL
), held AS (
    SELECT address_id, area_id, valid FROM holder WHERE CAST(:room AS text) IS NULL
    UNION ALL
    SELECT r.address_id, r.area_id, r.valid * b.valid
    FROM above AS b
    CROSS JOIN LATERAL (
        SELECT * FROM register.address_period AS q WHERE q.parent_id = b.address_id OFFSET 0
    ) AS r
    WHERE r.level = 'room' AND r.code = CAST(:room AS text) AND r.status <> 'retired'
      AND r.valid && b.valid AND upper_inf(r.known)
), period AS (
    SELECT address_id, unnest(range_agg(valid)) AS valid
    FROM held
    WHERE CAST(:area_id AS integer) IS NULL OR area_id = :area_id
    GROUP BY address_id
)
SELECT p.address_id, a.level, a.status, a.text_zh AS text_now,
       CASE WHEN a.status <> 'retired' THEN a.code END AS code_now, r.name AS area,
       lower(p.valid) AS valid_from, upper(p.valid) AS valid_to
FROM period AS p
JOIN register.address AS a USING (address_id)
JOIN district.area AS r ON r.area_id = a.area_id
WHERE CAST(:at AS timestamptz) IS NULL OR p.valid @> CAST(:at AS timestamptz)
ORDER BY p.valid, p.address_id
