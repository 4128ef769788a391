-- Codes that will change step aside, those of rooms with their building's; nobody sees it.
WITH RECURSIVE moved AS (
    SELECT address_id FROM register.address WHERE address_id = ANY(:ids) AND level = 'building'
    UNION ALL
    SELECT a.address_id
    FROM moved JOIN register.address AS a ON a.parent_id = moved.address_id
    WHERE a.level IN ('unit', 'room')
)
UPDATE register.address AS a SET code = '~' || a.code
FROM moved
WHERE a.address_id = moved.address_id AND a.code IS NOT NULL
