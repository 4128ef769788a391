-- Changes whenever a row of the area is added, changed or removed.
SELECT count(*) || '-' || coalesce(max(address_id), 0) || '-'
    || coalesce(max(xmin::text::bigint), 0)
FROM register.address
WHERE area_id = :area_id
