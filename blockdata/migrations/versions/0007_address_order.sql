-- A change that is dated before the newest one of the same address would write over what became of
-- it meanwhile: a code given since would never have been held, and no longer resolve. So changes
-- of an address are dated in order, and a code, a level above or a life that ends has lasted. The
-- code of a room is its building's and its own, so there the levels above and below count as well.

-- The newest of what an address says from a moment on or later, told by another event.
CREATE FUNCTION register.began_since(address BIGINT, event BIGINT, moment TIMESTAMPTZ)
RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS $$
    SELECT max(lower(v.valid)) FROM register.address_version AS v
    WHERE v.address_id = address AND v.opened_by <> event AND lower(v.valid) >= moment
      AND upper_inf(v.known)
$$;

CREATE FUNCTION register.check_address_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins CONSTANT TIMESTAMPTZ := lower(NEW.valid);
    before register.address_version;
    ends_code BOOLEAN;
    units BIGINT[];
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
            units := ARRAY(
                SELECT a.address_id FROM register.address AS a
                WHERE a.parent_id = NEW.address_id AND a.level = 'unit'
                UNION
                SELECT v.address_id FROM register.address_version AS v
                WHERE v.parent_id = NEW.address_id AND v.level = 'unit'
            );
            SELECT max(lower(v.valid)) INTO begun FROM register.address_version AS v
            WHERE v.parent_id = ANY (units || NEW.address_id) AND v.level IN ('unit', 'room')
              AND v.opened_by <> NEW.opened_by AND lower(v.valid) >= begins AND upper_inf(v.known);
            IF begun IS NULL AND NEW.level IN ('unit', 'room') THEN
                begun := register.began_since(before.parent_id, NEW.opened_by, begins);
            END IF;
            IF begun IS NULL AND NEW.level = 'room' THEN
                SELECT register.began_since(a.parent_id, NEW.opened_by, begins) INTO begun
                FROM register.address AS a
                WHERE a.address_id = before.parent_id AND a.level = 'unit';
            END IF;
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
