-- The belief that an alias holds for ever ends; that it held until the event's date is known from
-- now on.
WITH ended AS (
    UPDATE register.address_alias AS l
    SET known = tstzrange(lower(l.known), e.known_at), closed_by = e.seq
    FROM register.event AS e
    WHERE e.area_id = :area_id AND e.seq = :seq AND l.alias_id = :alias_id
    RETURNING l.*, e.valid_from, e.known_at, e.seq
), kept AS (
    INSERT INTO register.address_alias
        (address_id, area_id, text_zh, source, confidence, valid, known, opened_by)
    SELECT address_id, area_id, text_zh, source, confidence,
        tstzrange(lower(valid), valid_from), tstzrange(known_at, NULL), seq
    FROM ended WHERE lower(valid) < valid_from
)
SELECT count(*) FROM ended
