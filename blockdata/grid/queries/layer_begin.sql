-- A new version with the grids as they stand, from when the newest of them is valid.
WITH made AS (
    INSERT INTO district.grid_layer (area_id, number, source, valid)
    VALUES (:area_id, :number, :source, tstzrange(:begins, NULL))
    RETURNING layer_id
), held AS (
    INSERT INTO district.grid_of_layer (layer_id, grid_id, area_id, community_id, code, outline)
    SELECT made.layer_id, g.grid_id, g.area_id, g.community_id, g.code, g.outline
    FROM district.grid AS g CROSS JOIN made
    WHERE g.area_id = :area_id
)
SELECT layer_id FROM made
