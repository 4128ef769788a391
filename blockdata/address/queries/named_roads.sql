-- Named roads of an area, each as one line (WGS 84).
SELECT name_zh, ST_AsBinary(ST_Collect(path))
FROM roads.segment
WHERE area_id = :area_id AND name_zh IS NOT NULL
GROUP BY name_zh
