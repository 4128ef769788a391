-- Addresses beside one, under the same parent, the nearest codes first and then in their order.
SELECT s.address_id, s.level, s.text_zh, s.name_zh, s.code, s.status
FROM (
    SELECT o.*, row_number() OVER (ORDER BY o.code, o.address_id) AS place
    FROM register.address AS o
    JOIN register.address AS a ON a.parent_id = o.parent_id AND a.level = o.level
    WHERE a.address_id = :address_id
      AND (o.status <> 'retired' OR o.address_id = :address_id)
) AS s
JOIN (
    SELECT o.address_id, row_number() OVER (ORDER BY o.code, o.address_id) AS place
    FROM register.address AS o
    JOIN register.address AS a ON a.parent_id = o.parent_id AND a.level = o.level
    WHERE a.address_id = :address_id
      AND (o.status <> 'retired' OR o.address_id = :address_id)
) AS me ON me.address_id = :address_id
WHERE s.address_id <> :address_id AND abs(s.place - me.place) <= :limit
ORDER BY abs(s.place - me.place), s.place
LIMIT :limit
