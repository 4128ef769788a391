-- The addresses that live at a moment (NULL: now) and follow on a retired one, however far.
WITH RECURSIVE follow AS (
    SELECT l.from_id, l.to_id, l.kind, l.valid_from, 1 AS step
    FROM register.address_lineage AS l
    WHERE l.from_id = :address_id
      AND (CAST(:at AS timestamptz) IS NULL OR l.valid_from <= CAST(:at AS timestamptz))
    UNION
    SELECT l.from_id, l.to_id, l.kind, l.valid_from, follow.step + 1
    FROM follow
    JOIN register.address_lineage AS l ON l.from_id = follow.to_id
    WHERE CAST(:at AS timestamptz) IS NULL OR l.valid_from <= CAST(:at AS timestamptz)
)
SELECT DISTINCT follow.to_id AS address_id
FROM follow
CROSS JOIN LATERAL (
    -- the offset: see as_of.sql
    SELECT * FROM register.address_period AS q WHERE q.address_id = follow.to_id OFFSET 0
) AS p
WHERE upper_inf(p.known) AND p.status <> 'retired'
  AND CASE WHEN CAST(:at AS timestamptz) IS NULL THEN upper_inf(p.valid)
      ELSE p.valid @> CAST(:at AS timestamptz) END
ORDER BY follow.to_id
