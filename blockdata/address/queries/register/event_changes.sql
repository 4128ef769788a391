-- What events changed: from `valid_from` of its event on, each address says this.
SELECT v.opened_by AS seq, v.address_id, v.level, v.status, v.parent_id, v.building_id, v.grid_code,
       v.code, v.label_zh, v.text_zh, v.name_zh, v.floor,
       ST_X(v.point) AS lon, ST_Y(v.point) AS lat
FROM register.address_version AS v
WHERE v.area_id = :area_id AND v.opened_by > :after AND v.opened_by <= :until AND upper_inf(v.valid)
ORDER BY v.opened_by, v.address_id
