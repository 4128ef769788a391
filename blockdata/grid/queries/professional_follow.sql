-- Professional grids of base grids that are no more end; where the code lives on, they go on.
WITH ended AS (
    UPDATE district.professional_grid AS p
    SET valid = tstzrange(lower(p.valid), :at)
    FROM unnest(CAST(:olds AS bigint[]), CAST(:codes AS text[])) AS r (grid_id, code)
    WHERE p.grid_id = r.grid_id AND upper_inf(p.valid) AND lower(p.valid) < :at
    RETURNING p.area_id, p.kind, p.code, r.code AS base
)
SELECT e.kind, e.code, g.grid_id
FROM ended AS e
JOIN district.grid_of_layer AS g ON g.layer_id = :layer_id AND g.code = e.base
