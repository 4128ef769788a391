-- What is registered at each spot of the table `counting`, with its grid and its point.
-- A person, entity or room counts in the grid of its building, else of its address.
WITH homes AS (
    SELECT k.anchor, k.anchor_id, a.address_id, a.level, a.status
    FROM counting AS k
    JOIN register.address AS a ON a.building_id = k.anchor_id
    WHERE k.anchor = 'building'
    UNION ALL
    SELECT k.anchor, k.anchor_id, a.address_id, a.level, a.status
    FROM counting AS k
    JOIN register.address AS a ON a.address_id = k.anchor_id AND a.building_id IS NULL
    WHERE k.anchor = 'address'
), people AS (
    SELECT anchor, anchor_id, count(*) AS n
    FROM homes JOIN register.person USING (address_id) GROUP BY 1, 2
), entities AS (
    SELECT anchor, anchor_id, count(*) AS n
    FROM homes JOIN register.legal_entity USING (address_id) GROUP BY 1, 2
), own AS (
    SELECT anchor, anchor_id,
           count(*) FILTER (WHERE level = 'room' AND status = 'current') AS units,
           NOT coalesce(bool_or(level = 'building'), false)
               OR bool_or(level = 'building' AND status = 'current') AS stands
    FROM homes GROUP BY 1, 2
), placed AS (
    SELECT k.anchor, k.anchor_id, b.grid_id, 1 AS building, 0 AS key_sites, 0 AS posts,
           coalesce(
               (SELECT a.point FROM register.address AS a
                WHERE a.building_id = b.building_id AND a.level = 'building'
                ORDER BY a.status <> 'current', a.address_id LIMIT 1),
               (SELECT e.point FROM register.entrance AS e
                WHERE e.building_id = b.building_id ORDER BY e.kind, e.entrance_id LIMIT 1),
               ST_PointOnSurface(b.footprint)
           ) AS point
    FROM counting AS k
    JOIN register.building AS b ON b.building_id = k.anchor_id
    WHERE k.anchor = 'building'
    UNION ALL
    SELECT k.anchor, k.anchor_id, a.grid_id, 0, 0, 0, a.point
    FROM counting AS k
    JOIN register.address AS a ON a.address_id = k.anchor_id AND a.building_id IS NULL
    WHERE k.anchor = 'address'
    UNION ALL
    SELECT k.anchor, k.anchor_id, p.grid_id, 0, (p.kind = 'key_site')::int,
           (p.kind = 'post')::int, p.point
    FROM counting AS k
    JOIN district.place AS p ON p.place_id = k.anchor_id
    WHERE k.anchor = 'place'
)
SELECT anchor, anchor_id, coalesce(grid_id, 0) AS grid_id, ST_X(point) AS lon, ST_Y(point) AS lat,
       coalesce(people.n, 0) AS people, coalesce(entities.n, 0) AS legal_entities,
       placed.building * coalesce(own.stands, true)::int AS buildings,
       coalesce(own.units, 0) AS units, key_sites, posts
FROM placed
LEFT JOIN people USING (anchor, anchor_id)
LEFT JOIN entities USING (anchor, anchor_id)
LEFT JOIN own USING (anchor, anchor_id)
