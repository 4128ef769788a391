-- The addresses above one, the nearest first.
WITH RECURSIVE above AS (
    SELECT a.address_id, a.parent_id, a.level, a.label_zh, a.text_zh, 0 AS step
    FROM register.address AS a
    WHERE a.address_id = :address_id
    UNION ALL
    SELECT a.address_id, a.parent_id, a.level, a.label_zh, a.text_zh, above.step + 1
    FROM register.address AS a
    JOIN above ON a.address_id = above.parent_id
)
SELECT address_id, level, label_zh, text_zh FROM above WHERE step > 0 ORDER BY step
