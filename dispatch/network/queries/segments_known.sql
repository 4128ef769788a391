SELECT segment_index FROM roads.segment
WHERE area_id = :area_id AND segment_index = ANY(:segments)
