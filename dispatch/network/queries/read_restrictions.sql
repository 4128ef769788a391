SELECT
    from_segment, via_node, to_segment, starts_with(kind, 'only_')::int AS only,
    bound_modes, kind, osm_relation_id
FROM roads.turn_restriction
WHERE area_id = :area_id
ORDER BY restriction_index
