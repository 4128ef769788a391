-- Living addresses below one, and it itself; units and rooms of living levels whatever they are.
WITH RECURSIVE below AS (
    SELECT a.address_id, a.level, a.status, 0 AS step
    FROM register.address AS a
    WHERE a.address_id = ANY(:ids)
    UNION ALL
    SELECT a.address_id, a.level, a.status, below.step + 1
    FROM below
    JOIN register.address AS a ON a.parent_id = below.address_id
    WHERE a.level IN ('unit', 'room') OR a.status <> 'retired'
)
SELECT address_id, level, status FROM below ORDER BY step, address_id
