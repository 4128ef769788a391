-- Changes whenever a row of the area is added, changed or removed, an estate gets a nickname, or the
-- grids, communities or streets that addresses are shown with change. Sums of row versions: the
-- newest alone would miss a change that commits after one that began later.
SELECT count(*) || '-' || coalesce(max(address_id), 0) || '-'
    || coalesce(sum((xmin::text::bigint & 1073741823)::int), 0) || '-' || (
        SELECT count(*) || '/' || coalesce(max(l.opened_by), 0)
        FROM register.address_alias AS l
        JOIN register.address AS a USING (address_id)
        WHERE l.area_id = :area_id AND a.level IN ('estate', 'place') AND upper_inf(l.known)
    ) || '-' || (
        SELECT count(*) || '/' || coalesce(sum((changed::text::bigint & 1073741823)::int), 0)
        FROM (
            SELECT xmin AS changed FROM district.grid WHERE area_id = :area_id
            UNION ALL
            SELECT xmin FROM district.community WHERE area_id = :area_id
            UNION ALL
            SELECT xmin FROM district.street WHERE area_id = :area_id
        ) AS division
    )
FROM register.address
WHERE area_id = :area_id
