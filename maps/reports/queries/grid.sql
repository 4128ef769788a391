-- One grid with the names above it, and its counts.
SELECT
    grid.grid_id,
    grid.code,
    community.name_zh AS community_zh,
    community.name_en AS community_en,
    street.name_zh AS street_zh,
    street.name_en AS street_en,
    ST_AsBinary(grid.outline) AS outline,
    ST_Area(grid.outline::geography) / 10000 AS hectares,
    (SELECT count(*) FROM register.building WHERE building.grid_id = grid.grid_id) AS buildings,
    (SELECT count(*) FROM register.address WHERE address.grid_id = grid.grid_id) AS addresses,
    (
        SELECT count(*)
        FROM register.person
        JOIN register.address USING (address_id)
        WHERE address.grid_id = grid.grid_id
    ) AS people,
    (
        SELECT count(*)
        FROM register.legal_entity
        JOIN register.address USING (address_id)
        WHERE address.grid_id = grid.grid_id
    ) AS entities
FROM district.grid
JOIN district.community USING (community_id)
JOIN district.street USING (street_id)
WHERE grid.area_id = :area_id AND grid.code = :code
