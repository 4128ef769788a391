-- The hull of the buildings in which some addresses lie, of their points where they have no building.
SELECT ST_AsBinary(ST_ConvexHull(ST_Collect(coalesce(b.footprint, a.point))))
FROM register.address AS a
LEFT JOIN register.building AS b ON b.building_id = a.building_id
WHERE a.address_id = ANY (:ids)
