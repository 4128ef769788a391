-- Counts of the H3 cells of one resolution, as they are now.
SELECT to_hex(k.cell) AS code, k.people, k.legal_entities, k.buildings, k.units, k.key_sites, k.posts
FROM district.cell_count AS k
WHERE k.area_id = :area_id AND k.resolution = :resolution
ORDER BY k.cell
