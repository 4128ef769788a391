-- Assignments of grids that are no more end; where the code lives on, they begin anew there.
WITH ended AS (
    UPDATE district.grid_assignment AS a
    SET valid = tstzrange(lower(a.valid), :at)
    FROM unnest(CAST(:olds AS bigint[]), CAST(:codes AS text[])) AS r (grid_id, code)
    WHERE a.grid_id = r.grid_id AND upper_inf(a.valid) AND lower(a.valid) < :at
    RETURNING r.code, a.officer_id
)
SELECT e.code, e.officer_id, o.staff_code, g.grid_id
FROM ended AS e
JOIN district.grid_officer AS o USING (officer_id)
LEFT JOIN district.grid_of_layer AS g ON g.layer_id = :layer_id AND g.code = e.code
