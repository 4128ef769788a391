-- Events of an area after a number, in order.
SELECT seq, kind, known_at, valid_from, source, details
FROM register.event
WHERE area_id = :area_id AND seq > :after
ORDER BY seq
LIMIT :limit
