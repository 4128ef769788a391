-- Spots that count other than in the last publication, or lie in another grid, or are gone.
UPDATE district.published_spot AS p SET last_number = :number - 1
WHERE p.area_id = :area_id AND p.last_number IS NULL
  AND NOT EXISTS (
      SELECT FROM district.count_spot AS s
      WHERE s.area_id = p.area_id AND s.anchor = p.anchor AND s.anchor_id = p.anchor_id
        AND s.grid_id = p.grid_id AND s.cells = p.cells
        AND s.people = p.people AND s.legal_entities = p.legal_entities
  )
