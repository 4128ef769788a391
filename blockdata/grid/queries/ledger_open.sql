-- Spots that the ledger does not hold as they are. What it holds is read before anything is
-- written: an insert that looked into the ledger row by row would wade through its own rows.
WITH held AS MATERIALIZED (
    SELECT anchor, anchor_id
    FROM district.published_spot
    WHERE area_id = :area_id AND last_number IS NULL
)
INSERT INTO district.published_spot (
    area_id, anchor, anchor_id, first_number, grid_id, cells, people, legal_entities)
SELECT s.area_id, s.anchor, s.anchor_id, :number, s.grid_id, s.cells, s.people, s.legal_entities
FROM district.count_spot AS s
LEFT JOIN held USING (anchor, anchor_id)
WHERE s.area_id = :area_id AND s.anchor <> 'place' AND held.anchor_id IS NULL
