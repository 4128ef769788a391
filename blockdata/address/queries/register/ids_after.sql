-- Ids of an area's addresses after one, in order, and of which kind of landmark they are.
SELECT address_id, kind
FROM register.address
WHERE area_id = :area_id AND address_id > :last
ORDER BY address_id
LIMIT :limit
