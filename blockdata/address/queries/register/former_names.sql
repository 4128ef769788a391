-- Names that landmarks bore until an event become their aliases, where they are none yet.
INSERT INTO register.address_alias
    (address_id, area_id, text_zh, source, confidence, valid, known, opened_by)
SELECT f.address_id, e.area_id, f.text_zh, e.source, 1.0, tstzrange(e.valid_from, NULL),
    tstzrange(e.known_at, NULL), e.seq
FROM unnest(CAST(:ids AS bigint[]), CAST(:texts AS text[])) AS f (address_id, text_zh)
JOIN register.event AS e ON e.area_id = :area_id AND e.seq = :seq
WHERE NOT EXISTS (
    SELECT FROM register.address_alias AS l
    WHERE l.address_id = f.address_id AND l.text_zh = f.text_zh
      AND upper_inf(l.known) AND upper_inf(l.valid)
)
