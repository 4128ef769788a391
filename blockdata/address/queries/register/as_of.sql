-- What addresses said at a moment of the world (valid) as it was known at another (known); NULL:
-- the newest. Units and rooms take their words, code, grid and place from the levels above them;
-- what is retired holds no code.
WITH RECURSIVE up AS (
    SELECT p.address_id AS asked, 0 AS step, p.*
    FROM register.address_period AS p
    WHERE p.address_id = ANY(:ids)
      AND CASE WHEN CAST(:valid AS timestamptz) IS NULL THEN upper_inf(p.valid)
          ELSE p.valid @> CAST(:valid AS timestamptz) END
      AND CASE WHEN CAST(:known AS timestamptz) IS NULL THEN upper_inf(p.known)
          ELSE p.known @> CAST(:known AS timestamptz) END
    UNION ALL
    SELECT up.asked, up.step + 1, p.*
    FROM up
    CROSS JOIN LATERAL (
        -- the offset keeps it apart: so it is looked up by its key, for which the view is too wide
        SELECT * FROM register.address_period AS q WHERE q.address_id = up.parent_id OFFSET 0
    ) AS p
    WHERE up.level IN ('unit', 'room')
      AND CASE WHEN CAST(:valid AS timestamptz) IS NULL THEN upper_inf(p.valid)
          ELSE p.valid @> CAST(:valid AS timestamptz) END
      AND CASE WHEN CAST(:known AS timestamptz) IS NULL THEN upper_inf(p.known)
          ELSE p.known @> CAST(:known AS timestamptz) END
), words AS (
    SELECT asked, string_agg(coalesce(text_zh, label_zh), '' ORDER BY step DESC) AS text_zh
    FROM up
    GROUP BY asked
), top AS (
    SELECT DISTINCT ON (asked) asked, code, grid_code, point
    FROM up
    WHERE level NOT IN ('unit', 'room')
    ORDER BY asked, step DESC
)
SELECT own.address_id, own.area_id, own.level, own.status, own.parent_id, own.building_id,
       top.grid_code,
       CASE WHEN own.status = 'retired' THEN NULL
            WHEN own.level = 'room' THEN top.code || own.code
            ELSE top.code END AS code,
       own.label_zh, words.text_zh, own.name_zh, own.floor,
       ST_X(coalesce(own.point, top.point)) AS lon, ST_Y(coalesce(own.point, top.point)) AS lat,
       lower(own.valid) AS valid_from, upper(own.valid) AS valid_to,
       lower(own.known) AS known_from, upper(own.known) AS known_to
FROM up AS own
JOIN words USING (asked)
LEFT JOIN top USING (asked)
WHERE own.step = 0
ORDER BY own.address_id
