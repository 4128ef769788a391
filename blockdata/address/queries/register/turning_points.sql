-- Moments at which an address, or a level that it takes its words and code from, changed, as known
-- now.
WITH RECURSIVE up AS (
    SELECT p.address_id, p.parent_id, p.level, p.valid
    FROM register.address_period AS p
    WHERE p.address_id = :address_id AND upper_inf(p.known)
    UNION
    SELECT p.address_id, p.parent_id, p.level, p.valid
    FROM up
    CROSS JOIN LATERAL (
        -- the offset: see as_of.sql
        SELECT * FROM register.address_period AS q WHERE q.address_id = up.parent_id OFFSET 0
    ) AS p
    WHERE up.level IN ('unit', 'room') AND upper_inf(p.known)
)
SELECT DISTINCT lower(valid) AS at FROM up
WHERE lower(valid) >= (SELECT min(lower(valid)) FROM up WHERE address_id = :address_id)
ORDER BY at
