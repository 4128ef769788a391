-- What lay in no grid at a moment.
SELECT k.people, k.legal_entities, k.buildings, k.units, k.key_sites, k.posts
FROM district.grid_count AS k
WHERE k.area_id = :area_id AND k.grid_id = 0 AND k.valid @> CAST(:at AS timestamptz)
