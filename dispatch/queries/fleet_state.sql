-- One line that changes whenever the responders of an area, or their positions, change.
SELECT
    (SELECT count(*) || ' ' || coalesce(max(responder_id), 0)
     FROM dispatch.responder WHERE area_id = :area_id) AS responders,
    (SELECT count(*) || ' ' || coalesce(sum(hashtextextended(xmin::text || ctid::text, 0)), 0)
     FROM dispatch.position WHERE area_id = :area_id) AS positions
