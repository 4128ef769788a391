-- Segments of a road by name: of the very name where there is such a road, else of names with it.
WITH named AS (
    SELECT segment_index, name_zh = :road OR lower(name_en) = lower(:road) AS very
    FROM roads.segment
    WHERE area_id = :area_id
        AND (strpos(name_zh, :road) > 0 OR strpos(lower(name_en), lower(:road)) > 0)
        AND (CAST(:lon AS float8) IS NULL OR ST_DWithin(
            path::geography,
            ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography,
            coalesce(CAST(:within_m AS float8), 500)))
)
SELECT segment_index FROM named
WHERE coalesce(very, false) OR NOT (SELECT bool_or(coalesce(very, false)) FROM named)
