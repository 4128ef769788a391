-- Add what changed to the cells that are counted already.
UPDATE district.cell_count AS c
SET people = c.people + d.people,
    legal_entities = c.legal_entities + d.legal_entities,
    buildings = c.buildings + d.buildings,
    units = c.units + d.units,
    key_sites = c.key_sites + d.key_sites,
    posts = c.posts + d.posts
FROM cell_delta AS d
WHERE c.area_id = :area_id AND c.resolution = d.resolution AND c.cell = d.cell
