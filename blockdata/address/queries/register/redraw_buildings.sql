-- Buildings follow the living address that stands for them.
UPDATE register.building AS b
SET grid_id = m.grid_id, code = m.code
FROM (
    SELECT DISTINCT ON (a.building_id) a.building_id, m.grid_id, m.code
    FROM unnest(CAST(:ids AS bigint[]), CAST(:grids AS bigint[]), CAST(:codes AS text[]))
        AS m (address_id, grid_id, code)
    JOIN register.address AS a USING (address_id)
    WHERE a.area_id = :area_id AND a.level = 'building' AND a.building_id IS NOT NULL
      AND m.code IS NOT NULL
    ORDER BY a.building_id, (a.status = 'retired'), a.address_id
) AS m
WHERE b.building_id = m.building_id
