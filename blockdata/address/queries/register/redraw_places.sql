-- Key sites and posts of replaced grids lie in the new ones.
UPDATE district.place AS p
SET grid_id = (
    SELECT g.grid_id FROM district.grid AS g
    WHERE g.area_id = p.area_id AND ST_Covers(g.outline, p.point)
    ORDER BY g.code LIMIT 1
)
WHERE p.area_id = :area_id AND p.grid_id = ANY(:grids)
