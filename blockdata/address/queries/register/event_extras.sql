-- Aliases, doubts and lineage that events opened or closed.
SELECT opened_by AS seq, 'alias' AS what, address_id, jsonb_build_object(
    'text_zh', text_zh, 'source', source, 'confidence', confidence,
    'valid_from', lower(valid), 'valid_to', upper(valid)) AS content
FROM register.address_alias
WHERE area_id = :area_id AND opened_by > :after AND opened_by <= :until
UNION ALL
SELECT closed_by, 'alias_withdrawn', address_id, jsonb_build_object('text_zh', text_zh)
FROM register.address_alias
WHERE area_id = :area_id AND closed_by > :after AND closed_by <= :until
UNION ALL
SELECT opened_by, 'doubt', address_id, jsonb_build_object(
    'attribute', attribute, 'evidence', evidence, 'source', source)
FROM register.address_doubt
WHERE area_id = :area_id AND opened_by > :after AND opened_by <= :until
UNION ALL
SELECT closed_by, 'doubt_cleared', address_id, jsonb_build_object('attribute', attribute)
FROM register.address_doubt
WHERE area_id = :area_id AND closed_by > :after AND closed_by <= :until
UNION ALL
SELECT seq, 'lineage', from_id, jsonb_build_object('to_id', to_id::text, 'kind', kind)
FROM register.address_lineage
WHERE area_id = :area_id AND seq > :after AND seq <= :until
ORDER BY seq, what DESC, address_id
