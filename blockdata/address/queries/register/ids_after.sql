-- Ids of an area's addresses after one, in order.
SELECT address_id
FROM register.address
WHERE area_id = :area_id AND address_id > :last
ORDER BY address_id
LIMIT :limit
