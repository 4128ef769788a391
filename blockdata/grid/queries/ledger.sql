-- What every spot counted in every publication, one row per span of publications.
SELECT anchor, anchor_id, first_number, coalesce(last_number, :number) AS last_number,
       grid_id, cells, people, legal_entities
FROM district.published_spot
WHERE area_id = :area_id
ORDER BY anchor, anchor_id, first_number
