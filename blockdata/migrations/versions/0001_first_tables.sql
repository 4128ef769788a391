CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SCHEMA district;
CREATE SCHEMA roads;
CREATE SCHEMA register;
CREATE SCHEMA dispatch;

-- Numbers of areas, never given twice: each is the upper part of permanent ids.
CREATE SEQUENCE district.area_number AS integer;

CREATE TABLE district.area (
    area_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL,
    profile TEXT NOT NULL,
    seed BIGINT,
    scale DOUBLE PRECISION,
    source TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_area PRIMARY KEY (area_id),
    CONSTRAINT uq_area_name UNIQUE (name)
);

CREATE TABLE dispatch.shift (
    shift_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    weekday_mask SMALLINT NOT NULL,
    start_minute SMALLINT NOT NULL,
    duration_minutes SMALLINT NOT NULL,
    CONSTRAINT pk_shift PRIMARY KEY (shift_id),
    CONSTRAINT fk_shift_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE district.street (
    street_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_street PRIMARY KEY (street_id),
    CONSTRAINT uq_street_area_id_code UNIQUE (area_id, code),
    CONSTRAINT fk_street_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE district.water (
    water_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_water PRIMARY KEY (water_id),
    CONSTRAINT fk_water_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE roads.node (
    area_id INTEGER NOT NULL,
    node_index INTEGER NOT NULL,
    osm_id BIGINT,
    point geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_node PRIMARY KEY (area_id, node_index),
    CONSTRAINT fk_node_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE roads.segment (
    area_id INTEGER NOT NULL,
    segment_index INTEGER NOT NULL,
    from_node INTEGER NOT NULL,
    to_node INTEGER NOT NULL,
    length_m DOUBLE PRECISION NOT NULL,
    road_class TEXT NOT NULL,
    name_zh TEXT,
    name_en TEXT,
    oneway SMALLINT NOT NULL,
    access_modes SMALLINT NOT NULL,
    maxspeed_kph SMALLINT,
    bridge BOOLEAN NOT NULL,
    tunnel BOOLEAN NOT NULL,
    osm_way_id BIGINT,
    path geometry(LINESTRING,4326) NOT NULL,
    CONSTRAINT pk_segment PRIMARY KEY (area_id, segment_index),
    CONSTRAINT fk_segment_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE roads.turn_restriction (
    area_id INTEGER NOT NULL,
    restriction_index INTEGER NOT NULL,
    kind TEXT NOT NULL,
    from_segment INTEGER NOT NULL,
    via_node INTEGER NOT NULL,
    to_segment INTEGER NOT NULL,
    osm_relation_id BIGINT,
    CONSTRAINT pk_turn_restriction PRIMARY KEY (area_id, restriction_index),
    CONSTRAINT fk_turn_restriction_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE dispatch.responder (
    responder_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    tier TEXT NOT NULL,
    mode TEXT NOT NULL,
    call_sign TEXT NOT NULL,
    shift_id BIGINT NOT NULL,
    skills TEXT[] NOT NULL,
    duty_point geometry(POINT,4326) NOT NULL,
    synthetic_fix_age_s SMALLINT,
    CONSTRAINT pk_responder PRIMARY KEY (responder_id),
    CONSTRAINT fk_responder_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_responder_shift_id FOREIGN KEY(shift_id) REFERENCES dispatch.shift (shift_id)
);

CREATE TABLE district.community (
    community_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    street_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_community PRIMARY KEY (community_id),
    CONSTRAINT uq_community_area_id_code UNIQUE (area_id, code),
    CONSTRAINT fk_community_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_community_street_id FOREIGN KEY(street_id) REFERENCES district.street (street_id)
);

CREATE TABLE dispatch.position (
    responder_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    point geometry(POINT,4326) NOT NULL,
    accuracy_m DOUBLE PRECISION NOT NULL,
    fixed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_position PRIMARY KEY (responder_id),
    CONSTRAINT fk_position_responder_id FOREIGN KEY(responder_id) REFERENCES dispatch.responder (responder_id),
    CONSTRAINT fk_position_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE
);

CREATE TABLE district.grid (
    grid_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    community_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_grid PRIMARY KEY (grid_id),
    CONSTRAINT uq_grid_area_id_code UNIQUE (area_id, code),
    CONSTRAINT fk_grid_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_grid_community_id FOREIGN KEY(community_id) REFERENCES district.community (community_id)
);

CREATE TABLE district.place (
    place_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    grid_id BIGINT,
    point geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_place PRIMARY KEY (place_id),
    CONSTRAINT fk_place_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_place_grid_id FOREIGN KEY(grid_id) REFERENCES district.grid (grid_id)
);

CREATE TABLE register.building (
    building_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    grid_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    floors SMALLINT NOT NULL,
    footprint geometry(POLYGON,4326) NOT NULL,
    CONSTRAINT pk_building PRIMARY KEY (building_id),
    CONSTRAINT fk_building_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_building_grid_id FOREIGN KEY(grid_id) REFERENCES district.grid (grid_id)
);

CREATE TABLE register.address (
    address_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    level TEXT NOT NULL,
    parent_id BIGINT,
    building_id BIGINT,
    grid_id BIGINT,
    code TEXT,
    label_zh TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    name_zh TEXT,
    floor SMALLINT,
    point geometry(POINT,4326),
    CONSTRAINT pk_address PRIMARY KEY (address_id),
    CONSTRAINT fk_address_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_address_building_id FOREIGN KEY(building_id) REFERENCES register.building (building_id),
    CONSTRAINT fk_address_grid_id FOREIGN KEY(grid_id) REFERENCES district.grid (grid_id)
);

CREATE TABLE register.entrance (
    entrance_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    building_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    point geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_entrance PRIMARY KEY (entrance_id),
    CONSTRAINT fk_entrance_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_entrance_building_id FOREIGN KEY(building_id) REFERENCES register.building (building_id)
);

CREATE TABLE register.legal_entity (
    entity_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    address_id BIGINT NOT NULL,
    credit_code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT pk_legal_entity PRIMARY KEY (entity_id),
    CONSTRAINT fk_legal_entity_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_legal_entity_address_id FOREIGN KEY(address_id) REFERENCES register.address (address_id)
);

CREATE TABLE register.person (
    person_id BIGINT NOT NULL,
    area_id INTEGER NOT NULL,
    address_id BIGINT NOT NULL,
    citizen_number TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date DATE NOT NULL,
    tenure TEXT NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (person_id),
    CONSTRAINT fk_person_area_id FOREIGN KEY(area_id) REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_person_address_id FOREIGN KEY(address_id) REFERENCES register.address (address_id)
);

CREATE INDEX ix_shift_area_id ON dispatch.shift (area_id);

COMMENT ON COLUMN dispatch.shift.weekday_mask IS 'bit 0 Monday … bit 6 Sunday';

COMMENT ON COLUMN dispatch.shift.start_minute IS 'of the local day';

CREATE INDEX ix_street_area_id ON district.street (area_id);

CREATE INDEX ix_street_outline ON district.street USING gist (outline);

COMMENT ON COLUMN district.street.code IS '9 digits: district + 3';

CREATE INDEX ix_water_area_id ON district.water (area_id);

CREATE INDEX ix_water_outline ON district.water USING gist (outline);

CREATE INDEX ix_segment_path ON roads.segment USING gist (path);

COMMENT ON COLUMN roads.segment.road_class IS 'value of OpenStreetMap''s highway tag';

COMMENT ON COLUMN roads.segment.oneway IS '1 along, -1 against, 0 both ways';

COMMENT ON COLUMN roads.segment.access_modes IS 'bits: foot 1, ebike 2, patrol 4';

COMMENT ON COLUMN roads.turn_restriction.kind IS 'value of the relation''s restriction tag';

CREATE INDEX ix_responder_area_id ON dispatch.responder (area_id);

CREATE INDEX ix_responder_duty_point ON dispatch.responder USING gist (duty_point);

CREATE INDEX ix_responder_shift_id ON dispatch.responder (shift_id);

COMMENT ON COLUMN dispatch.responder.tier IS 'volunteer | auxiliary | officer';

COMMENT ON COLUMN dispatch.responder.mode IS 'foot | ebike | patrol';

COMMENT ON COLUMN dispatch.responder.duty_point IS 'where the duty is done';

CREATE INDEX ix_community_area_id ON district.community (area_id);

CREATE INDEX ix_community_outline ON district.community USING gist (outline);

CREATE INDEX ix_community_street_id ON district.community (street_id);

COMMENT ON COLUMN district.community.code IS '12 digits: street + 3';

CREATE INDEX ix_position_area_id ON dispatch.position (area_id);

COMMENT ON COLUMN dispatch.position.status IS 'available | busy';

CREATE INDEX ix_grid_area_id ON district.grid (area_id);

CREATE INDEX ix_grid_community_id ON district.grid (community_id);

CREATE INDEX ix_grid_outline ON district.grid USING gist (outline);

COMMENT ON COLUMN district.grid.code IS '14 digits: community + 2';

CREATE INDEX ix_place_area_id ON district.place (area_id);

CREATE INDEX ix_place_grid_id ON district.place (grid_id);

CREATE INDEX ix_place_point ON district.place USING gist (point);

COMMENT ON COLUMN district.place.kind IS 'key_site | post';

CREATE INDEX ix_building_area_id ON register.building (area_id);

CREATE INDEX ix_building_code ON register.building (code);

CREATE INDEX ix_building_footprint ON register.building USING gist (footprint);

CREATE INDEX ix_building_grid_id ON register.building (grid_id);

COMMENT ON COLUMN register.building.code IS '19 digits: grid + 5';

COMMENT ON COLUMN register.building.kind IS 'a building kind of the district profile';

CREATE INDEX ix_address_area_id ON register.address (area_id);

CREATE INDEX ix_address_building_id ON register.address (building_id);

CREATE INDEX ix_address_code ON register.address (code);

CREATE INDEX ix_address_grid_id ON register.address (grid_id);

CREATE INDEX ix_address_parent_id ON register.address (parent_id);

CREATE INDEX ix_address_point ON register.address USING gist (point) WHERE point IS NOT NULL;

COMMENT ON COLUMN register.address.level IS 'number | estate | building | unit | room | place';

COMMENT ON COLUMN register.address.code IS '25, 19 or 14 digits; a label, never a key';

COMMENT ON COLUMN register.address.label_zh IS 'this level''s own part, as in 501房';

COMMENT ON COLUMN register.address.text_zh IS 'the whole address in normal form';

COMMENT ON COLUMN register.address.name_zh IS 'the name of what stands there, where it has one';

CREATE INDEX ix_entrance_area_id ON register.entrance (area_id);

CREATE INDEX ix_entrance_building_id ON register.entrance (building_id);

CREATE INDEX ix_entrance_point ON register.entrance USING gist (point);

COMMENT ON COLUMN register.entrance.kind IS 'main | side';

CREATE INDEX ix_legal_entity_address_id ON register.legal_entity (address_id);

CREATE INDEX ix_legal_entity_area_id ON register.legal_entity (area_id);

COMMENT ON COLUMN register.legal_entity.credit_code IS 'GB 32100';

COMMENT ON COLUMN register.legal_entity.kind IS 'an entity kind of the district profile';

CREATE INDEX ix_person_address_id ON register.person (address_id);

CREATE INDEX ix_person_area_id ON register.person (area_id);

COMMENT ON COLUMN register.person.citizen_number IS 'GB 11643; synthetic people: area 999';

COMMENT ON COLUMN register.person.sex IS 'f | m';

COMMENT ON COLUMN register.person.tenure IS 'registered | tenant';
