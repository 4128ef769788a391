-- Changes whenever a row of the area is added, changed or removed, or an estate gets a nickname.
SELECT count(*) || '-' || coalesce(max(address_id), 0) || '-'
    || coalesce(max(xmin::text::bigint), 0) || '-' || (
        SELECT count(*) || '/' || coalesce(max(l.opened_by), 0)
        FROM register.address_alias AS l
        JOIN register.address AS a USING (address_id)
        WHERE l.area_id = :area_id AND a.level IN ('estate', 'place') AND upper_inf(l.known)
    )
FROM register.address
WHERE area_id = :area_id
