-- The area's outline as WKB, or NULL where it has none.
SELECT ST_AsBinary(outline) FROM district.area WHERE area_id = :area_id
