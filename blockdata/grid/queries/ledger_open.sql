-- Spots that the ledger does not hold as they are.
INSERT INTO district.published_spot (
    area_id, anchor, anchor_id, first_number, grid_id, cells, people, legal_entities)
SELECT s.area_id, s.anchor, s.anchor_id, :number, s.grid_id, s.cells, s.people, s.legal_entities
FROM district.count_spot AS s
WHERE s.area_id = :area_id AND s.anchor <> 'place'
  AND NOT EXISTS (
      SELECT FROM district.published_spot AS p
      WHERE p.area_id = s.area_id AND p.anchor = s.anchor AND p.anchor_id = s.anchor_id
        AND p.last_number IS NULL
  )
