-- What is kept in memory of an area (its roads, grids, tiles, gazetteer) holds as long as the area
-- has the same version. Changes of its addresses are events, and those are numbered by themselves.
-- The numbers begin at the time, so that a database made anew does not repeat those of the last one.
CREATE SEQUENCE district.area_version;
SELECT setval('district.area_version', (extract(epoch FROM district.clock_now()) * 1000)::bigint);
ALTER TABLE district.area
    ADD COLUMN version BIGINT NOT NULL DEFAULT nextval('district.area_version');
COMMENT ON COLUMN district.area.version IS
    'another number after every change of what the area has; never one that was before';

-- An area that is dropped and made anew under its old id has another version too, as its row is new.
CREATE FUNCTION district.renew_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := nextval('district.area_version');
    RETURN NEW;
END $$;
CREATE TRIGGER renew_version BEFORE UPDATE ON district.area
    FOR EACH ROW EXECUTE FUNCTION district.renew_version();

CREATE FUNCTION district.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE district.area SET version = version
        WHERE area_id IN (SELECT area_id FROM before);
    ELSE  -- a row never moves to another area
        UPDATE district.area SET version = version
        WHERE area_id IN (SELECT area_id FROM after);
    END IF;
    RETURN NULL;
END $$;

-- Bulk loads switch triggers off: the area's row is new then.
DO $$
DECLARE
    followed TEXT;
BEGIN
    FOREACH followed IN ARRAY ARRAY[
        'roads.node', 'roads.segment', 'roads.turn_restriction', 'district.street',
        'district.community', 'district.grid', 'district.water', 'district.place',
        'register.building', 'register.entrance', 'dispatch.responder', 'dispatch.shift']
    LOOP
        EXECUTE 'CREATE TRIGGER area_inserted AFTER INSERT ON ' || followed
            || ' REFERENCING NEW TABLE AS after FOR EACH STATEMENT'
            || ' EXECUTE FUNCTION district.note_change()';
        EXECUTE 'CREATE TRIGGER area_updated AFTER UPDATE ON ' || followed
            || ' REFERENCING NEW TABLE AS after FOR EACH STATEMENT'
            || ' EXECUTE FUNCTION district.note_change()';
        EXECUTE 'CREATE TRIGGER area_deleted AFTER DELETE ON ' || followed
            || ' REFERENCING OLD TABLE AS before FOR EACH STATEMENT'
            || ' EXECUTE FUNCTION district.note_change()';
    END LOOP;
END $$;

-- Addresses that are loaded, or put in by hand, are no event; those that an event makes are one.
CREATE TRIGGER area_inserted AFTER INSERT ON register.address
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT
    WHEN (coalesce(current_setting('register.event', true), '') = '')
    EXECUTE FUNCTION district.note_change();
