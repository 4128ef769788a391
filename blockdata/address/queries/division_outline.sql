-- The outline of some streets or communities as WKB, to about 5 m.
SELECT ST_AsBinary(ST_SimplifyPreserveTopology(ST_Union(d.outline), 0.00005))
FROM (
    SELECT outline FROM district.street
    WHERE :level = 'street' AND street_id = ANY (:ids)
    UNION ALL
    SELECT outline FROM district.community
    WHERE :level = 'community' AND community_id = ANY (:ids)
) AS d
