-- The one clock, as the database tells it: the real one, moved by the seconds that the connection
-- was opened with (the setting blockdata.clock_shift_s, by blockdata.clock). A connection that gives
-- none, such as psql by hand, has the real clock. Nothing else in the schema reads the time.

CREATE FUNCTION district.clock_shift() RETURNS interval LANGUAGE sql STABLE AS $$
    SELECT make_interval(
        secs => coalesce(nullif(current_setting('blockdata.clock_shift_s', true), ''), '0')::float8
    )
$$;

CREATE FUNCTION district.clock_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + district.clock_shift()
$$;
COMMENT ON FUNCTION district.clock_now() IS 'the moment; goes on within a transaction';

CREATE FUNCTION district.transaction_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT now() + district.clock_shift()
$$;
COMMENT ON FUNCTION district.transaction_now() IS
    'when the transaction began: one moment for all rows of a load';

ALTER TABLE district.area ALTER COLUMN created_at SET DEFAULT district.transaction_now();
ALTER TABLE district.grid ALTER COLUMN since SET DEFAULT district.transaction_now();
ALTER TABLE register.address ALTER COLUMN since SET DEFAULT district.transaction_now();
ALTER TABLE register.address_review ALTER COLUMN asked_at SET DEFAULT district.transaction_now();

-- An event's time rises strictly with its number, whatever the clock says. What is written under a
-- shifted clock into the history of a real area could never be taken back: that is refused.
CREATE OR REPLACE FUNCTION register.begin_event(
    area INTEGER, kind TEXT, valid_from TIMESTAMPTZ, source TEXT, details JSONB
) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    counter register.event_counter;
BEGIN
    IF district.clock_shift() <> interval '0' AND EXISTS (
        SELECT FROM district.area AS a WHERE a.area_id = area AND NOT a.synthetic
    ) THEN
        RAISE EXCEPTION 'the clock is shifted, and area % is real', area
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_event_by_the_real_clock';
    END IF;
    INSERT INTO register.event_counter AS c (area_id, last_seq, last_at)
    VALUES (area, 1, district.clock_now())
    ON CONFLICT (area_id) DO UPDATE SET last_seq = c.last_seq + 1,
        last_at = greatest(district.clock_now(), c.last_at + interval '1 microsecond')
    RETURNING * INTO counter;
    INSERT INTO register.event (area_id, seq, kind, known_at, valid_from, source, details)
    VALUES (area, counter.last_seq, kind, counter.last_at,
            coalesce(valid_from, counter.last_at), source, details);
    PERFORM set_config('register.event', area || '/' || counter.last_seq, true);
    RETURN counter.last_seq;
END $$;
