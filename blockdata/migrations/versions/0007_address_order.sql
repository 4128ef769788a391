-- A change that is dated before the newest one of the same address would write over what became of
-- it meanwhile: a code given since would never have been held, and no longer resolve. So changes
-- of an address are dated in order, and a code, a level above or a life that ends has lasted.

CREATE FUNCTION register.check_address_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before register.address_version;
    begun TIMESTAMPTZ;
BEGIN
    SELECT * INTO before FROM register.address_version AS v
    WHERE v.address_id = NEW.address_id AND v.closed_by = NEW.opened_by AND upper_inf(v.valid)
      AND lower(v.valid) >= lower(NEW.valid)
      AND (lower(v.valid) > lower(NEW.valid)
           OR NEW.status = 'retired'
           OR (v.code, v.parent_id, v.building_id)
              IS DISTINCT FROM (NEW.code, NEW.parent_id, NEW.building_id));
    IF FOUND THEN
        RAISE EXCEPTION 'address % last changed at %', NEW.address_id, lower(before.valid)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_address_in_order',
                  DETAIL = extract(epoch FROM lower(before.valid));
    END IF;
    IF NEW.parent_id IS NULL OR EXISTS (
        SELECT FROM register.address_period AS p
        WHERE p.address_id = NEW.parent_id AND p.valid @> lower(NEW.valid) AND upper_inf(p.known)
    ) THEN
        RETURN NEW;
    END IF;
    SELECT min(lower(p.valid)) INTO begun FROM register.address_period AS p
    WHERE p.address_id = NEW.parent_id AND upper_inf(p.known);
    RAISE EXCEPTION 'address % begins at % only', NEW.parent_id, begun
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_address_in_order',
              DETAIL = extract(epoch FROM begun);
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
