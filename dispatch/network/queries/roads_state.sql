-- One line that changes whenever the roads of an area change in anything a network is made of.
SELECT
    (SELECT count(*) FROM roads.node WHERE area_id = :area_id) AS nodes,
    (SELECT count(*) FROM roads.segment WHERE area_id = :area_id) AS segments,
    (SELECT coalesce(sum(hashtextextended(concat_ws('|',
        segment_index, from_node, to_node, length_m, road_class, oneway, access_modes,
        maxspeed_kph), 0)), 0)::text
     FROM roads.segment WHERE area_id = :area_id) AS segment_sum,
    (SELECT coalesce(sum(hashtextextended(concat_ws('|',
        from_segment, via_node, to_segment, kind, bound_modes), 0)), 0)::text
     FROM roads.turn_restriction WHERE area_id = :area_id) AS restriction_sum,
    (SELECT extract(epoch FROM created_at)::text FROM district.area WHERE area_id = :area_id)
        AS made_at
