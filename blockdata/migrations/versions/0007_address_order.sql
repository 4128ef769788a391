-- A change that is dated before the newest one of the same address would write over what became of
-- it meanwhile: a code given since would never have been held, and no longer resolve. So changes
-- of an address are dated in order, and a code, a level above or a life that ends has lasted. The
-- code of a room is its building's and its own, so there the levels above and below count as well.

CREATE FUNCTION register.check_address_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins CONSTANT TIMESTAMPTZ := lower(NEW.valid);
    before register.address_version;
    ends_code BOOLEAN;
    begun TIMESTAMPTZ;
BEGIN
    SELECT * INTO before FROM register.address_version AS v
    WHERE v.address_id = NEW.address_id AND v.closed_by = NEW.opened_by AND upper_inf(v.valid);
    IF FOUND THEN
        ends_code := NEW.status = 'retired' OR (before.code, before.parent_id, before.building_id)
            IS DISTINCT FROM (NEW.code, NEW.parent_id, NEW.building_id);
        IF lower(before.valid) > begins OR (lower(before.valid) = begins AND ends_code) THEN
            begun := lower(before.valid);
        ELSIF ends_code AND NEW.level IN ('building', 'unit', 'room') THEN
            WITH RECURSIVE below AS (
                SELECT v.address_id, v.opened_by, v.valid, v.known
                FROM register.address_period AS v
                WHERE v.parent_id = NEW.address_id AND v.level IN ('unit', 'room')
                UNION
                SELECT v.address_id, v.opened_by, v.valid, v.known
                FROM below
                JOIN register.address_period AS v ON v.parent_id = below.address_id
                WHERE v.level IN ('unit', 'room')
            ), above AS (
                SELECT v.level, v.parent_id, v.opened_by, v.valid, v.known
                FROM register.address_period AS v
                WHERE v.address_id = before.parent_id AND NEW.level IN ('unit', 'room')
                UNION
                SELECT v.level, v.parent_id, v.opened_by, v.valid, v.known
                FROM above
                JOIN register.address_period AS v ON v.address_id = above.parent_id
                WHERE above.level = 'unit'
            )
            SELECT max(lower(o.valid)) INTO begun
            FROM (SELECT opened_by, valid, known FROM below
                  UNION ALL SELECT opened_by, valid, known FROM above) AS o
            WHERE o.opened_by <> NEW.opened_by AND lower(o.valid) >= begins
              AND upper_inf(o.valid) AND upper_inf(o.known);
        END IF;
    END IF;
    IF begun IS NULL AND NEW.parent_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.address_period AS p
        WHERE p.address_id = NEW.parent_id AND p.valid @> begins AND upper_inf(p.known)
    ) THEN
        SELECT min(lower(p.valid)) INTO begun FROM register.address_period AS p
        WHERE p.address_id = NEW.parent_id AND upper_inf(p.known);
    END IF;
    IF begun IS NOT NULL THEN
        RAISE EXCEPTION 'address %: something else holds from % on', NEW.address_id, begun
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_address_in_order',
                  DETAIL = extract(epoch FROM begun);
    END IF;
    RETURN NEW;
END $$;
-- What an event leaves standing until its date is as it was: only what holds from then on is looked at.
CREATE TRIGGER check_address_order BEFORE INSERT ON register.address_version FOR EACH ROW
    WHEN (NEW.opened_by IS NOT NULL AND upper_inf(NEW.valid))
    EXECUTE FUNCTION register.check_address_order();

-- A retired id leads to what lives from that date on.
CREATE FUNCTION register.check_successor_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begun TIMESTAMPTZ;
BEGIN
    SELECT min(lower(p.valid)) INTO begun FROM register.address_period AS p
    WHERE p.address_id = NEW.to_id AND upper_inf(p.known);
    IF begun > NEW.valid_from THEN
        RAISE EXCEPTION 'successor % begins at % only', NEW.to_id, begun
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_address_in_order',
                  DETAIL = extract(epoch FROM begun);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_successor_there BEFORE INSERT ON register.address_lineage FOR EACH ROW
    EXECUTE FUNCTION register.check_successor_there();
