-- The register's history. `register.address` stays the current state, which everything reads.
-- An address without rows in `address_version` is as it was loaded: since `since`, on both axes.
-- Triggers write the history of any change, whoever makes it, so that no second way exists.

ALTER TABLE register.address
    ADD COLUMN status TEXT NOT NULL DEFAULT 'current'
        CONSTRAINT ck_address_status CHECK (status IN ('planned', 'current', 'retired')),
    ADD COLUMN since TIMESTAMPTZ NOT NULL DEFAULT now();
COMMENT ON COLUMN register.address.status IS 'planned | current | retired';
COMMENT ON COLUMN register.address.since IS 'when it came into the register; both axes begin here';
ALTER TABLE district.grid ADD COLUMN since TIMESTAMPTZ NOT NULL DEFAULT now();
COMMENT ON COLUMN district.grid.since IS 'from when it is valid';

-- A house or building code names one living address at a time.
DROP INDEX register.ix_address_code;
CREATE UNIQUE INDEX uq_address_code ON register.address (code, area_id)
    WHERE level IN ('building', 'room') AND status <> 'retired';

-- Rows of the grid table are replaced within one transaction; what stands in them follows.
ALTER TABLE register.building ALTER CONSTRAINT fk_building_grid_id DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE register.address ALTER CONSTRAINT fk_address_grid_id DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE district.place ALTER CONSTRAINT fk_place_grid_id DEFERRABLE INITIALLY IMMEDIATE;

-- The feed. The counter's row is locked until commit: numbers have no gaps and are seen in order,
-- which a sequence cannot promise.
CREATE TABLE register.event_counter (
    area_id INTEGER NOT NULL,
    last_seq BIGINT NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_event_counter PRIMARY KEY (area_id),
    CONSTRAINT fk_event_counter_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE register.event (
    area_id INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    known_at TIMESTAMPTZ NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    source TEXT NOT NULL,
    details JSONB NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (area_id, seq),
    CONSTRAINT ck_event_not_ahead CHECK (valid_from <= known_at),
    CONSTRAINT fk_event_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE
);
COMMENT ON COLUMN register.event.known_at IS 'strictly rising with seq within an area';
COMMENT ON COLUMN register.event.valid_from IS 'from when the change holds in the world';

CREATE TABLE register.address_version (
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    address_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    level TEXT NOT NULL,
    status TEXT NOT NULL,
    parent_id BIGINT,
    building_id BIGINT,
    grid_code TEXT,
    code TEXT,
    label_zh TEXT NOT NULL,
    text_zh TEXT,
    name_zh TEXT,
    floor SMALLINT,
    point geometry(POINT,4326),
    valid TSTZRANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    opened_by BIGINT,
    closed_by BIGINT,
    CONSTRAINT pk_address_version PRIMARY KEY (version_id),
    CONSTRAINT fk_address_version_address_id FOREIGN KEY (address_id)
        REFERENCES register.address (address_id),
    CONSTRAINT fk_address_version_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_address_version_opened_by FOREIGN KEY (area_id, opened_by)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT fk_address_version_closed_by FOREIGN KEY (area_id, closed_by)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT ck_address_version_not_empty CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT ck_address_version_status CHECK (status IN ('planned', 'current', 'retired')),
    CONSTRAINT ex_address_version_one_at_a_time
        EXCLUDE USING gist (address_id WITH =, valid WITH &&, known WITH &&),
    CONSTRAINT ex_address_version_building_code
        EXCLUDE USING gist (area_id WITH =, code WITH =, valid WITH &&, known WITH &&)
        WHERE (level = 'building' AND status <> 'retired') DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ex_address_version_room_code
        EXCLUDE USING gist (building_id WITH =, code WITH =, valid WITH &&, known WITH &&)
        WHERE (level = 'room' AND status <> 'retired') DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON COLUMN register.address_version.code IS
    'own part: of a room its last 6 digits, of a unit none';
COMMENT ON COLUMN register.address_version.text_zh IS
    'null for units and rooms: theirs is that of the level above and their label';
COMMENT ON COLUMN register.address_version.opened_by IS 'null: as it was loaded';
CREATE INDEX ix_address_version_area_id_opened_by ON register.address_version (area_id, opened_by);
CREATE INDEX ix_address_version_parent_id ON register.address_version (parent_id);
CREATE INDEX ix_address_version_code ON register.address_version (code) WHERE level = 'building';

CREATE TABLE register.address_lineage (
    from_id BIGINT NOT NULL,
    to_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    seq BIGINT NOT NULL,
    CONSTRAINT pk_address_lineage PRIMARY KEY (from_id, to_id),
    CONSTRAINT fk_address_lineage_from_id FOREIGN KEY (from_id)
        REFERENCES register.address (address_id),
    CONSTRAINT fk_address_lineage_to_id FOREIGN KEY (to_id)
        REFERENCES register.address (address_id),
    CONSTRAINT fk_address_lineage_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_address_lineage_seq FOREIGN KEY (area_id, seq)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT ck_address_lineage_kind CHECK (kind IN ('split', 'merge', 'replace')),
    CONSTRAINT ck_address_lineage_other CHECK (from_id <> to_id)
);
COMMENT ON COLUMN register.address_lineage.kind IS 'split | merge | replace';
CREATE INDEX ix_address_lineage_to_id ON register.address_lineage (to_id);
CREATE INDEX ix_address_lineage_area_id_seq ON register.address_lineage (area_id, seq);

CREATE TABLE register.address_alias (
    alias_id BIGINT GENERATED ALWAYS AS IDENTITY,
    address_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    text_zh TEXT NOT NULL,
    source TEXT NOT NULL,
    confidence REAL NOT NULL,
    valid TSTZRANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    opened_by BIGINT NOT NULL,
    closed_by BIGINT,
    CONSTRAINT pk_address_alias PRIMARY KEY (alias_id),
    CONSTRAINT fk_address_alias_address_id FOREIGN KEY (address_id)
        REFERENCES register.address (address_id),
    CONSTRAINT fk_address_alias_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_address_alias_opened_by FOREIGN KEY (area_id, opened_by)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT fk_address_alias_closed_by FOREIGN KEY (area_id, closed_by)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT ck_address_alias_confidence CHECK (confidence > 0 AND confidence <= 1),
    CONSTRAINT ck_address_alias_text CHECK (text_zh <> ''),
    CONSTRAINT ck_address_alias_not_empty CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT ex_address_alias_one_at_a_time
        EXCLUDE USING gist (address_id WITH =, text_zh WITH =, valid WITH &&, known WITH &&)
);
COMMENT ON COLUMN register.address_alias.text_zh IS 'in normal form';
CREATE INDEX ix_address_alias_area_id_text_zh ON register.address_alias (area_id, text_zh);

CREATE TABLE register.address_doubt (
    doubt_id BIGINT GENERATED ALWAYS AS IDENTITY,
    address_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    attribute TEXT NOT NULL,
    evidence TEXT NOT NULL,
    source TEXT NOT NULL,
    known TSTZRANGE NOT NULL,
    opened_by BIGINT NOT NULL,
    closed_by BIGINT,
    CONSTRAINT pk_address_doubt PRIMARY KEY (doubt_id),
    CONSTRAINT fk_address_doubt_address_id FOREIGN KEY (address_id)
        REFERENCES register.address (address_id),
    CONSTRAINT fk_address_doubt_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_address_doubt_opened_by FOREIGN KEY (area_id, opened_by)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT fk_address_doubt_closed_by FOREIGN KEY (area_id, closed_by)
        REFERENCES register.event (area_id, seq),
    CONSTRAINT ck_address_doubt_attribute CHECK
        (attribute IN ('status', 'parent', 'label', 'text', 'name', 'code', 'floor', 'point')),
    CONSTRAINT ck_address_doubt_evidence CHECK (evidence <> ''),
    CONSTRAINT ck_address_doubt_not_empty CHECK (NOT isempty(known)),
    CONSTRAINT ex_address_doubt_one_at_a_time
        EXCLUDE USING gist (address_id WITH =, attribute WITH =, known WITH &&)
);
CREATE INDEX ix_address_doubt_area_id_opened_by ON register.address_doubt (area_id, opened_by);

-- Texts that matching left undecided, for a clerk.
CREATE TABLE register.address_review (
    review_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    text_zh TEXT NOT NULL,
    written TEXT NOT NULL,
    source TEXT NOT NULL,
    candidates JSONB NOT NULL,
    times_seen INTEGER NOT NULL DEFAULT 1,
    status TEXT NOT NULL DEFAULT 'open',
    decided_id BIGINT,
    note TEXT,
    asked_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    decided_at TIMESTAMPTZ,
    CONSTRAINT pk_address_review PRIMARY KEY (review_id),
    CONSTRAINT fk_address_review_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_address_review_decided_id FOREIGN KEY (decided_id)
        REFERENCES register.address (address_id),
    CONSTRAINT uq_address_review_area_id_text_zh UNIQUE (area_id, text_zh),
    CONSTRAINT ck_address_review_status CHECK (status IN ('open', 'matched', 'unmatched', 'skipped')),
    CONSTRAINT ck_address_review_decided CHECK ((status = 'matched') = (decided_id IS NOT NULL))
);
COMMENT ON COLUMN register.address_review.text_zh IS 'in normal form';
COMMENT ON COLUMN register.address_review.status IS 'open | matched | unmatched | skipped';
COMMENT ON COLUMN register.address_review.candidates IS
    'best first: [{"address_id", "text", "level", "probability"}]';
CREATE INDEX ix_address_review_area_id_status ON register.address_review (area_id, status);

-- Grids as they were; a grid is only ever replaced whole.
CREATE TABLE district.grid_history (
    grid_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326) NOT NULL,
    valid TSTZRANGE NOT NULL,
    CONSTRAINT pk_grid_history PRIMARY KEY (grid_id, valid),
    CONSTRAINT fk_grid_history_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT ck_grid_history_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT ex_grid_history_code EXCLUDE USING gist (area_id WITH =, code WITH =, valid WITH &&)
);
CREATE INDEX ix_grid_history_area_id ON district.grid_history (area_id);

-- Begin an event: take the area's turn, number it, and let what follows in this transaction be its.
CREATE FUNCTION register.begin_event(
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

-- The event that a change belongs to; a change made by hand is an event of its own.
CREATE FUNCTION register.current_event(area INTEGER) RETURNS register.event
LANGUAGE plpgsql AS $$
DECLARE
    set_to TEXT := nullif(current_setting('register.event', true), '');
    seq_no BIGINT;
    found register.event;
BEGIN
    IF set_to IS NOT NULL AND split_part(set_to, '/', 1)::int = area THEN
        seq_no := split_part(set_to, '/', 2)::bigint;
    ELSE
        seq_no := register.begin_event(area, 'edit', NULL, session_user, '{}');
    END IF;
    SELECT * INTO STRICT found FROM register.event AS e WHERE e.area_id = area AND e.seq = seq_no;
    RETURN found;
END $$;

-- What an address itself says; what its level above says is read there.
CREATE FUNCTION register.own_version(a register.address) RETURNS register.address_version
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v register.address_version;
BEGIN
    v.address_id := a.address_id;
    v.area_id := a.area_id;
    v.level := a.level;
    v.status := a.status;
    v.parent_id := a.parent_id;
    v.building_id := a.building_id;
    v.label_zh := a.label_zh;
    v.name_zh := a.name_zh;
    v.floor := a.floor;
    v.point := a.point;
    IF a.level = 'room' THEN
        v.code := right(a.code, 6);
    ELSIF a.level <> 'unit' THEN
        v.code := a.code;
        v.text_zh := a.text_zh;
        v.grid_code := coalesce(
            left(a.code, 14),
            (SELECT g.code FROM district.grid AS g WHERE g.grid_id = a.grid_id),
            (SELECT h.code FROM district.grid_history AS h WHERE h.grid_id = a.grid_id
             ORDER BY lower(h.valid) DESC LIMIT 1)
        );
    END IF;
    RETURN v;
END $$;

CREATE FUNCTION register.store_version(v register.address_version) RETURNS void LANGUAGE sql AS $$
    INSERT INTO register.address_version (
        address_id, area_id, level, status, parent_id, building_id, grid_code, code, label_zh,
        text_zh, name_zh, floor, point, valid, known, opened_by)
    VALUES (
        v.address_id, v.area_id, v.level, v.status, v.parent_id, v.building_id, v.grid_code, v.code,
        v.label_zh, v.text_zh, v.name_zh, v.floor, v.point, v.valid, v.known, v.opened_by)
$$;

-- Before the first change of an address: keep what was loaded.
CREATE FUNCTION register.open_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v register.address_version;
BEGIN
    IF OLD.address_id <> NEW.address_id OR OLD.area_id <> NEW.area_id OR OLD.level <> NEW.level THEN
        RAISE EXCEPTION 'the id, area and level of address % are permanent', OLD.address_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status = 'retired' THEN
        RAISE EXCEPTION 'address % is retired and never revived', OLD.address_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM register.address_version WHERE address_id = OLD.address_id) THEN
        v := register.own_version(OLD);
        v.valid := tstzrange(OLD.since, NULL);
        v.known := tstzrange(OLD.since, NULL);
        PERFORM register.store_version(v);
    END IF;
    RETURN NEW;
END $$;

-- At the end of the transaction (or of the operation): record what the address says now.
CREATE FUNCTION register.record_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    a register.address;
    now_says register.address_version;
    said register.address_version;
    e register.event;
    piece register.address_version;
BEGIN
    SELECT * INTO a FROM register.address WHERE address_id = NEW.address_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    now_says := register.own_version(a);
    SELECT * INTO said FROM register.address_version
    WHERE address_id = a.address_id AND upper_inf(valid) AND upper_inf(known);
    now_says.version_id := said.version_id;
    now_says.valid := said.valid;
    now_says.known := said.known;
    now_says.opened_by := said.opened_by;
    now_says.closed_by := said.closed_by;
    IF now_says IS NOT DISTINCT FROM said THEN
        RETURN NULL;
    END IF;
    e := register.current_event(a.area_id);
    FOR piece IN
        UPDATE register.address_version
        SET known = tstzrange(lower(known), e.known_at), closed_by = e.seq
        WHERE address_id = a.address_id AND upper_inf(known)
          AND valid && tstzrange(e.valid_from, NULL)
        RETURNING *
    LOOP
        IF lower(piece.valid) < e.valid_from THEN
            piece.valid := tstzrange(lower(piece.valid), e.valid_from);
            piece.known := tstzrange(e.known_at, NULL);
            piece.opened_by := e.seq;
            PERFORM register.store_version(piece);
        END IF;
    END LOOP;
    now_says.valid := tstzrange(e.valid_from, NULL);
    now_says.known := tstzrange(e.known_at, NULL);
    now_says.opened_by := e.seq;
    PERFORM register.store_version(now_says);
    RETURN NULL;
END $$;

-- What an address itself says has changed; what it takes from above changes there.
CREATE FUNCTION register.differs(o register.address, n register.address) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (o.address_id, o.area_id, o.level, o.status, o.parent_id, o.building_id, o.label_zh,
            o.name_zh, o.floor, ST_AsBinary(o.point))
           IS DISTINCT FROM
           (n.address_id, n.area_id, n.level, n.status, n.parent_id, n.building_id, n.label_zh,
            n.name_zh, n.floor, ST_AsBinary(n.point))
        OR CASE
            WHEN n.level = 'unit' THEN false
            WHEN n.level = 'room' THEN right(o.code, 6) IS DISTINCT FROM right(n.code, 6)
            ELSE (o.code, o.text_zh) IS DISTINCT FROM (n.code, n.text_zh)
                OR (n.code IS NULL AND n.status <> 'retired' AND o.grid_id IS DISTINCT FROM n.grid_id)
        END
$$;

CREATE TRIGGER open_address_history BEFORE UPDATE ON register.address FOR EACH ROW
    WHEN (current_setting('register.loading', true) IS DISTINCT FROM 'on'
          AND register.differs(OLD, NEW))
    EXECUTE FUNCTION register.open_history();
CREATE CONSTRAINT TRIGGER record_address_history AFTER UPDATE ON register.address
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('register.loading', true) IS DISTINCT FROM 'on'
          AND register.differs(OLD, NEW))
    EXECUTE FUNCTION register.record_history();

-- Ids are permanent: a row goes only with its whole area.
CREATE FUNCTION register.refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'address % is permanent: retire it instead', OLD.address_id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_address BEFORE DELETE ON register.address FOR EACH ROW
    WHEN (current_setting('register.dropping', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION register.refuse_delete();

-- Successors live when they are named, so that lineage has no circles.
CREATE FUNCTION register.check_successor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM register.address
    WHERE address_id = NEW.to_id AND area_id = NEW.area_id AND status <> 'retired' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'successor % is not a living address of the area', NEW.to_id
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM FROM register.address
    WHERE address_id = NEW.from_id AND area_id = NEW.area_id AND status = 'retired';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'address % is not retired', NEW.from_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_successor BEFORE INSERT OR UPDATE ON register.address_lineage
    FOR EACH ROW EXECUTE FUNCTION register.check_successor();

CREATE FUNCTION district.keep_grid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    e register.event;
BEGIN
    e := register.current_event(OLD.area_id);
    INSERT INTO district.grid_history (grid_id, area_id, code, outline, valid)
    VALUES (OLD.grid_id, OLD.area_id, OLD.code, OLD.outline, tstzrange(OLD.since, e.valid_from));
    IF TG_OP = 'UPDATE' THEN
        NEW.since := e.valid_from;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_deleted_grid BEFORE DELETE ON district.grid FOR EACH ROW
    WHEN (current_setting('register.dropping', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION district.keep_grid();
CREATE TRIGGER keep_changed_grid BEFORE UPDATE OF code, outline ON district.grid FOR EACH ROW
    WHEN (OLD.code <> NEW.code OR ST_AsBinary(OLD.outline) <> ST_AsBinary(NEW.outline))
    EXECUTE FUNCTION district.keep_grid();

-- Every version of every address; one never changed has the one that was loaded.
CREATE VIEW register.address_period AS
SELECT v.address_id, v.area_id, v.level, v.status, v.parent_id, v.building_id, v.grid_code, v.code,
       v.label_zh, v.text_zh, v.name_zh, v.floor, v.point, v.valid, v.known, v.opened_by,
       v.closed_by
FROM register.address_version AS v
UNION ALL
SELECT a.address_id, a.area_id, a.level, a.status, a.parent_id, a.building_id,
       CASE WHEN a.level NOT IN ('unit', 'room') THEN coalesce(left(a.code, 14), g.code) END,
       CASE a.level WHEN 'room' THEN right(a.code, 6) WHEN 'unit' THEN NULL ELSE a.code END,
       a.label_zh, CASE WHEN a.level NOT IN ('unit', 'room') THEN a.text_zh END,
       a.name_zh, a.floor, a.point, tstzrange(a.since, NULL), tstzrange(a.since, NULL),
       NULL::bigint, NULL::bigint
FROM register.address AS a
LEFT JOIN district.grid AS g ON g.grid_id = a.grid_id
WHERE NOT EXISTS (SELECT FROM register.address_version AS v WHERE v.address_id = a.address_id);
