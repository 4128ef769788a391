-- Cells in which nothing was counted before.
INSERT INTO district.cell_count (area_id, resolution, cell,
    people, legal_entities, buildings, units, key_sites, posts)
SELECT :area_id, d.resolution, d.cell,
    d.people, d.legal_entities, d.buildings, d.units, d.key_sites, d.posts
FROM cell_delta AS d
WHERE NOT EXISTS (
    SELECT FROM district.cell_count AS c
    WHERE c.area_id = :area_id AND c.resolution = d.resolution AND c.cell = d.cell
)
