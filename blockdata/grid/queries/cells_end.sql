-- Cells in which nothing is left.
DELETE FROM district.cell_count AS c
USING cell_delta AS d
WHERE c.area_id = :area_id AND c.resolution = d.resolution AND c.cell = d.cell
  AND greatest(c.people, c.legal_entities, c.buildings, c.units, c.key_sites, c.posts) = 0
