-- Aliases of other landmarks that are now the names of these: they end. Those of a landmark that
-- has its old name again end as well.
SELECT l.alias_id
FROM register.address_alias AS l
JOIN register.address AS a USING (address_id)
WHERE l.area_id = :area_id AND l.text_zh = ANY(:texts) AND a.kind IS NOT NULL
  AND upper_inf(l.known) AND upper_inf(l.valid)
ORDER BY l.alias_id
