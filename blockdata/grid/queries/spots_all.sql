-- Every spot of an area: its buildings, addresses without one at which anything is counted, places.
INSERT INTO counting (anchor, anchor_id)
SELECT 'building', building_id FROM register.building WHERE area_id = :area_id
UNION ALL
SELECT 'place', place_id FROM district.place WHERE area_id = :area_id
UNION ALL
SELECT 'address', a.address_id
FROM register.address AS a
WHERE a.area_id = :area_id AND a.building_id IS NULL
  AND (a.level = 'room'
       OR EXISTS (SELECT FROM register.person AS p WHERE p.address_id = a.address_id)
       OR EXISTS (SELECT FROM register.legal_entity AS e WHERE e.address_id = a.address_id))
