-- One line that changes whenever the roads of an area change: how many rows, and a sum over their
-- versions. An area made anew has another date as well.
SELECT
    (SELECT count(*) || '/' || coalesce(sum(hashtextextended(xmin::text || ctid::text, 0)), 0)
     FROM roads.node WHERE area_id = :area_id) AS nodes,
    (SELECT count(*) FROM roads.segment WHERE area_id = :area_id) AS segments,
    (SELECT coalesce(sum(hashtextextended(xmin::text || ctid::text, 0)), 0)::text
     FROM roads.segment WHERE area_id = :area_id) AS segment_versions,
    (SELECT count(*) || '/' || coalesce(sum(hashtextextended(xmin::text || ctid::text, 0)), 0)
     FROM roads.turn_restriction WHERE area_id = :area_id) AS restrictions,
    (SELECT extract(epoch FROM created_at)::text FROM district.area WHERE area_id = :area_id)
        AS made_at
