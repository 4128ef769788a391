-- Grids of all that lie in redrawn ones, and the codes of units and rooms after their building's.
WITH RECURSIVE moved AS (
    SELECT m.address_id, m.grid_id, m.code, true AS node
    FROM unnest(CAST(:ids AS bigint[]), CAST(:grids AS bigint[]), CAST(:codes AS text[]))
        AS m (address_id, grid_id, code)
    UNION ALL
    SELECT a.address_id, moved.grid_id, moved.code, false
    FROM moved JOIN register.address AS a ON a.parent_id = moved.address_id
    WHERE a.level IN ('unit', 'room')
)
UPDATE register.address AS a
SET grid_id = moved.grid_id,
    code = CASE WHEN moved.node OR a.code IS NULL THEN a.code
           WHEN a.level = 'room' THEN moved.code || right(a.code, 6)
           ELSE moved.code END
FROM moved
WHERE a.address_id = moved.address_id
