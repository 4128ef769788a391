-- Versions of the grid layer, who serves each grid, professional grids, and counts by place.

-- One version of the layer is valid at any moment.
CREATE TABLE district.grid_layer (
    layer_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    source TEXT NOT NULL,
    valid TSTZRANGE NOT NULL,
    CONSTRAINT pk_grid_layer PRIMARY KEY (layer_id),
    CONSTRAINT fk_grid_layer_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT uq_grid_layer_area_id_number UNIQUE (area_id, number),
    CONSTRAINT ck_grid_layer_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT ex_grid_layer_one_at_a_time EXCLUDE USING gist (area_id WITH =, valid WITH &&)
);
COMMENT ON COLUMN district.grid_layer.number IS '1, 2, 3 … within the area';

-- Every version whole: a code names one grid within a version, and may name another in the next.
CREATE TABLE district.grid_of_layer (
    layer_id BIGINT NOT NULL,
    grid_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    community_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_grid_of_layer PRIMARY KEY (layer_id, grid_id),
    CONSTRAINT fk_grid_of_layer_layer_id FOREIGN KEY (layer_id)
        REFERENCES district.grid_layer (layer_id) ON DELETE CASCADE,
    CONSTRAINT fk_grid_of_layer_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_grid_of_layer_community_id FOREIGN KEY (community_id)
        REFERENCES district.community (community_id),
    CONSTRAINT uq_grid_of_layer_layer_id_code UNIQUE (layer_id, code)
);
COMMENT ON COLUMN district.grid_of_layer.grid_id IS 'permanent; an unchanged grid keeps it';
CREATE INDEX ix_grid_of_layer_area_id ON district.grid_of_layer (area_id, code);
CREATE INDEX ix_grid_of_layer_grid_id ON district.grid_of_layer (grid_id);
CREATE INDEX ix_grid_of_layer_outline ON district.grid_of_layer USING gist (outline);

-- Grid officers: a staff code and no more; who that is stands in the staff's own system.
CREATE TABLE district.grid_officer (
    officer_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    staff_code TEXT NOT NULL,
    CONSTRAINT pk_grid_officer PRIMARY KEY (officer_id),
    CONSTRAINT fk_grid_officer_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT uq_grid_officer_area_id_staff_code UNIQUE (area_id, staff_code),
    CONSTRAINT ck_grid_officer_staff_code CHECK (staff_code <> '')
);

-- One grid, one officer, and one officer, one grid, at any moment.
CREATE TABLE district.grid_assignment (
    assignment_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    grid_id BIGINT NOT NULL,
    officer_id BIGINT NOT NULL,
    valid TSTZRANGE NOT NULL,
    CONSTRAINT pk_grid_assignment PRIMARY KEY (assignment_id),
    CONSTRAINT fk_grid_assignment_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_grid_assignment_officer_id FOREIGN KEY (officer_id)
        REFERENCES district.grid_officer (officer_id),
    CONSTRAINT ck_grid_assignment_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT ex_grid_assignment_one_officer EXCLUDE USING gist (grid_id WITH =, valid WITH &&),
    CONSTRAINT ex_grid_assignment_one_grid EXCLUDE USING gist (officer_id WITH =, valid WITH &&)
);
CREATE INDEX ix_grid_assignment_area_id ON district.grid_assignment (area_id);

CREATE TABLE district.grid_absence (
    absence_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    officer_id BIGINT NOT NULL,
    deputy_id BIGINT NOT NULL,
    valid TSTZRANGE NOT NULL,
    CONSTRAINT pk_grid_absence PRIMARY KEY (absence_id),
    CONSTRAINT fk_grid_absence_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_grid_absence_officer_id FOREIGN KEY (officer_id)
        REFERENCES district.grid_officer (officer_id),
    CONSTRAINT fk_grid_absence_deputy_id FOREIGN KEY (deputy_id)
        REFERENCES district.grid_officer (officer_id),
    CONSTRAINT ck_grid_absence_other CHECK (deputy_id <> officer_id),
    CONSTRAINT ck_grid_absence_bounded CHECK
        (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
    CONSTRAINT ex_grid_absence_one_at_a_time EXCLUDE USING gist (officer_id WITH =, valid WITH &&)
);
CREATE INDEX ix_grid_absence_area_id ON district.grid_absence (area_id);
CREATE INDEX ix_grid_absence_deputy_id ON district.grid_absence (deputy_id);

-- Who stands in for another is there meanwhile. Writers of one area take turns, so that two who
-- do not see each other's rows cannot send both away.
CREATE FUNCTION district.check_deputy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(440307, NEW.area_id);
    IF EXISTS (
        SELECT FROM district.grid_absence AS a
        WHERE a.absence_id <> NEW.absence_id AND a.valid && NEW.valid
          AND (a.officer_id = NEW.deputy_id OR a.deputy_id = NEW.officer_id)
    ) THEN
        RAISE EXCEPTION 'a deputy is absent or an absent officer is a deputy meanwhile'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'ex_grid_absence_deputy_there';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_deputy BEFORE INSERT OR UPDATE ON district.grid_absence
    FOR EACH ROW EXECUTE FUNCTION district.check_deputy();

-- A department's own grids, one to one on base grids at any moment.
CREATE TABLE district.professional_grid (
    professional_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    grid_id BIGINT NOT NULL,
    valid TSTZRANGE NOT NULL,
    CONSTRAINT pk_professional_grid PRIMARY KEY (professional_id),
    CONSTRAINT fk_professional_grid_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT ck_professional_grid_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT ck_professional_grid_named CHECK (kind <> '' AND code <> ''),
    CONSTRAINT ex_professional_grid_code
        EXCLUDE USING gist (area_id WITH =, kind WITH =, code WITH =, valid WITH &&),
    CONSTRAINT ex_professional_grid_grid
        EXCLUDE USING gist (grid_id WITH =, kind WITH =, valid WITH &&)
);
COMMENT ON COLUMN district.professional_grid.kind IS 'fire | work_safety | …';
CREATE INDEX ix_professional_grid_area_id ON district.professional_grid (area_id);

-- Counts. A spot is what is counted at one place: a building with all registered in it, an address
-- without a building, or a key site or post. Sums by grid and by H3 cell follow from spots; when
-- the register changes, its triggers name the spots touched, and only these are counted again.
CREATE TABLE district.count_state (
    area_id INTEGER NOT NULL,
    layer_id BIGINT NOT NULL,
    counted_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_count_state PRIMARY KEY (area_id),
    CONSTRAINT fk_count_state_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_count_state_layer_id FOREIGN KEY (layer_id)
        REFERENCES district.grid_layer (layer_id) ON DELETE CASCADE
);

CREATE TABLE district.count_spot (
    area_id INTEGER NOT NULL,
    anchor TEXT NOT NULL,
    anchor_id BIGINT NOT NULL,
    grid_id BIGINT NOT NULL,
    cells BIGINT[] NOT NULL,
    people INTEGER NOT NULL,
    legal_entities INTEGER NOT NULL,
    buildings INTEGER NOT NULL,
    units INTEGER NOT NULL,
    key_sites INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    CONSTRAINT pk_count_spot PRIMARY KEY (area_id, anchor, anchor_id),
    CONSTRAINT ck_count_spot_anchor CHECK (anchor IN ('building', 'address', 'place')),
    CONSTRAINT ck_count_spot_not_negative CHECK
        (least(people, legal_entities, buildings, units, key_sites, posts) >= 0),
    CONSTRAINT fk_count_spot_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE
);
COMMENT ON COLUMN district.count_spot.grid_id IS '0: in no grid';
COMMENT ON COLUMN district.count_spot.cells IS 'H3 at resolutions 7 to 11';
COMMENT ON COLUMN district.count_spot.anchor IS 'building | address | place';

CREATE TABLE district.count_touched (
    touched_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    anchor TEXT NOT NULL,
    anchor_id BIGINT NOT NULL,
    CONSTRAINT pk_count_touched PRIMARY KEY (touched_id),
    CONSTRAINT fk_count_touched_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE
);
CREATE INDEX ix_count_touched_area_id ON district.count_touched (area_id);

-- Sums by grid with their period: the newest is what holds, the others are the history.
CREATE TABLE district.grid_count (
    layer_id BIGINT NOT NULL,
    grid_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    people INTEGER NOT NULL,
    legal_entities INTEGER NOT NULL,
    buildings INTEGER NOT NULL,
    units INTEGER NOT NULL,
    key_sites INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    valid TSTZRANGE NOT NULL,
    CONSTRAINT pk_grid_count PRIMARY KEY (layer_id, grid_id, valid),
    CONSTRAINT fk_grid_count_layer_id FOREIGN KEY (layer_id)
        REFERENCES district.grid_layer (layer_id) ON DELETE CASCADE,
    CONSTRAINT fk_grid_count_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT ck_grid_count_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT ck_grid_count_not_negative CHECK
        (least(people, legal_entities, buildings, units, key_sites, posts) >= 0),
    CONSTRAINT ex_grid_count_one_at_a_time
        EXCLUDE USING gist (layer_id WITH =, grid_id WITH =, valid WITH &&)
);
COMMENT ON COLUMN district.grid_count.grid_id IS '0: in no grid';
CREATE INDEX ix_grid_count_area_id ON district.grid_count (area_id);

CREATE TABLE district.cell_count (
    area_id INTEGER NOT NULL,
    resolution SMALLINT NOT NULL,
    cell BIGINT NOT NULL,
    people INTEGER NOT NULL,
    legal_entities INTEGER NOT NULL,
    buildings INTEGER NOT NULL,
    units INTEGER NOT NULL,
    key_sites INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    CONSTRAINT pk_cell_count PRIMARY KEY (area_id, resolution, cell),
    CONSTRAINT fk_cell_count_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT ck_cell_count_resolution CHECK (resolution BETWEEN 7 AND 11),
    CONSTRAINT ck_cell_count_not_negative CHECK
        (least(people, legal_entities, buildings, units, key_sites, posts) >= 0)
);

-- The spot where an address is counted.
CREATE FUNCTION district.spot_of(building_id BIGINT, address_id BIGINT, OUT anchor TEXT, OUT id BIGINT)
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN building_id IS NULL THEN 'address' ELSE 'building' END,
           coalesce(building_id, address_id)
$$;

-- Statement-level: one look at all rows of a statement. Areas never counted are passed over.
CREATE FUNCTION district.touch_by_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT DISTINCT a.area_id, s.anchor, s.id
        FROM after AS n
        JOIN district.count_state USING (area_id)
        JOIN register.address AS a USING (address_id)
        CROSS JOIN LATERAL district.spot_of(a.building_id, a.address_id) AS s;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT DISTINCT a.area_id, s.anchor, s.id
        FROM before AS o
        JOIN district.count_state USING (area_id)
        JOIN register.address AS a USING (address_id)
        CROSS JOIN LATERAL district.spot_of(a.building_id, a.address_id) AS s;
    ELSE
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT DISTINCT a.area_id, s.anchor, s.id
        FROM (SELECT area_id, address_id FROM before UNION ALL
              SELECT area_id, address_id FROM after) AS moved
        JOIN district.count_state USING (area_id)
        JOIN register.address AS a USING (address_id)
        CROSS JOIN LATERAL district.spot_of(a.building_id, a.address_id) AS s;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION district.touch_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT DISTINCT n.area_id, s.anchor, s.id
        FROM after AS n
        JOIN district.count_state USING (area_id)
        CROSS JOIN LATERAL district.spot_of(n.building_id, n.address_id) AS s;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT DISTINCT o.area_id, s.anchor, s.id
        FROM before AS o
        JOIN district.count_state USING (area_id)
        CROSS JOIN LATERAL district.spot_of(o.building_id, o.address_id) AS s;
    ELSE
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT DISTINCT n.area_id, s.anchor, s.id
        FROM after AS n
        JOIN before AS o USING (address_id)
        JOIN district.count_state AS c ON c.area_id = n.area_id
        CROSS JOIN LATERAL (
            SELECT * FROM district.spot_of(n.building_id, n.address_id)
            UNION ALL SELECT * FROM district.spot_of(o.building_id, o.address_id)
        ) AS s
        WHERE (n.building_id, n.grid_id, n.level, n.status, ST_AsBinary(n.point))
              IS DISTINCT FROM (o.building_id, o.grid_id, o.level, o.status, ST_AsBinary(o.point));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION district.touch_buildings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT area_id, 'building', building_id FROM before JOIN district.count_state USING (area_id);
    ELSE
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT area_id, 'building', building_id FROM after JOIN district.count_state USING (area_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION district.touch_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT area_id, 'place', place_id FROM before JOIN district.count_state USING (area_id);
    ELSE
        INSERT INTO district.count_touched (area_id, anchor, anchor_id)
        SELECT area_id, 'place', place_id FROM after JOIN district.count_state USING (area_id);
    END IF;
    RETURN NULL;
END $$;

-- The same three triggers on every table that is counted.
DO $$
DECLARE
    counted TEXT;
    touching TEXT;
BEGIN
    FOR counted, touching IN
        VALUES ('register.person', 'touch_by_address'), ('register.legal_entity', 'touch_by_address'),
        ('register.address', 'touch_addresses'), ('register.building', 'touch_buildings'),
        ('district.place', 'touch_places')
    LOOP
        EXECUTE 'CREATE TRIGGER count_inserted AFTER INSERT ON ' || counted
            || ' REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION district.'
            || touching || '()';
        EXECUTE 'CREATE TRIGGER count_updated AFTER UPDATE ON ' || counted
            || ' REFERENCING OLD TABLE AS before NEW TABLE AS after'
            || ' FOR EACH STATEMENT EXECUTE FUNCTION district.' || touching || '()';
        EXECUTE 'CREATE TRIGGER count_deleted AFTER DELETE ON ' || counted
            || ' REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION district.'
            || touching || '()';
    END LOOP;
END $$;
