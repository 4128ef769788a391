-- Back to the database's own clock.

CREATE OR REPLACE FUNCTION register.begin_event(
    area INTEGER, kind TEXT, valid_from TIMESTAMPTZ, source TEXT, details JSONB
) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    counter register.event_counter;
BEGIN
    INSERT INTO register.event_counter AS c (area_id, last_seq, last_at)
    VALUES (area, 1, clock_timestamp())
    ON CONFLICT (area_id) DO UPDATE SET last_seq = c.last_seq + 1,
        last_at = greatest(clock_timestamp(), c.last_at + interval '1 microsecond')
    RETURNING * INTO counter;
    INSERT INTO register.event (area_id, seq, kind, known_at, valid_from, source, details)
    VALUES (area, counter.last_seq, kind, counter.last_at,
            coalesce(valid_from, counter.last_at), source, details);
    PERFORM set_config('register.event', area || '/' || counter.last_seq, true);
    RETURN counter.last_seq;
END $$;

ALTER TABLE register.address_review ALTER COLUMN asked_at SET DEFAULT now();
ALTER TABLE register.address ALTER COLUMN since SET DEFAULT now();
ALTER TABLE district.grid ALTER COLUMN since SET DEFAULT now();
ALTER TABLE district.area ALTER COLUMN created_at SET DEFAULT now();
DROP FUNCTION district.transaction_now();
DROP FUNCTION district.clock_now();
DROP FUNCTION district.clock_shift();
