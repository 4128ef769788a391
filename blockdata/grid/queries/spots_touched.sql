-- The spots that changes of the register named since they were counted; they are named no longer.
WITH named AS (
    DELETE FROM district.count_touched WHERE area_id = :area_id RETURNING anchor, anchor_id
)
INSERT INTO counting (anchor, anchor_id) SELECT DISTINCT anchor, anchor_id FROM named
