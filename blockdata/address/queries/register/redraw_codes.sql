-- New codes of numbers, estates and buildings.
UPDATE register.address AS a
SET code = m.code, grid_id = m.grid_id
FROM unnest(CAST(:ids AS bigint[]), CAST(:grids AS bigint[]), CAST(:codes AS text[]))
    AS m (address_id, grid_id, code)
WHERE a.address_id = m.address_id
