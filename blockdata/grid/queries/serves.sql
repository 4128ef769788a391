-- Who serves each grid of the area at a moment: the officer, or the deputy while that one is away.
SELECT l.code AS grid, o.staff_code AS officer,
       d.staff_code AS deputy, coalesce(d.staff_code, o.staff_code) AS serves,
       lower(a.valid) AS since, upper(b.valid) AS away_until
FROM district.grid_layer AS v
JOIN district.grid_of_layer AS l USING (layer_id)
LEFT JOIN district.grid_assignment AS a
    ON a.grid_id = l.grid_id AND a.valid @> CAST(:at AS timestamptz)
LEFT JOIN district.grid_officer AS o ON o.officer_id = a.officer_id
LEFT JOIN district.grid_absence AS b
    ON b.officer_id = a.officer_id AND b.valid @> CAST(:at AS timestamptz)
LEFT JOIN district.grid_officer AS d ON d.officer_id = b.deputy_id
WHERE v.area_id = :area_id AND v.valid @> CAST(:at AS timestamptz)
  AND (CAST(:code AS text) IS NULL OR l.code = :code)
ORDER BY l.code
