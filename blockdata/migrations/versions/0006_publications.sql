-- What was published, and the ledger that the next publication is held against.

CREATE TABLE district.publication (
    publication_id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    layer_id BIGINT NOT NULL,
    resolutions SMALLINT[] NOT NULL,
    counted_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_publication PRIMARY KEY (publication_id),
    CONSTRAINT fk_publication_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT fk_publication_layer_id FOREIGN KEY (layer_id)
        REFERENCES district.grid_layer (layer_id) ON DELETE CASCADE,
    CONSTRAINT uq_publication_area_id_number UNIQUE (area_id, number)
);
COMMENT ON COLUMN district.publication.number IS '1, 2, 3 … within the area';

-- A suppressed count is null here: no reader of published layers can come upon it.
CREATE TABLE district.published_count (
    publication_id BIGINT NOT NULL,
    division TEXT NOT NULL,
    code TEXT NOT NULL,
    area_id INTEGER NOT NULL,
    people INTEGER,
    legal_entities INTEGER,
    CONSTRAINT pk_published_count PRIMARY KEY (publication_id, division, code),
    CONSTRAINT fk_published_count_publication_id FOREIGN KEY (publication_id)
        REFERENCES district.publication (publication_id) ON DELETE CASCADE,
    CONSTRAINT fk_published_count_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT ck_published_count_people CHECK (people = 0 OR people >= 10),
    CONSTRAINT ck_published_count_legal_entities CHECK (legal_entities = 0 OR legal_entities >= 10)
);
COMMENT ON COLUMN district.published_count.division IS
    'grid | … | district | h3_7 … h3_11';
CREATE INDEX ix_published_count_area_id ON district.published_count (area_id);

-- What each spot counted, from publication to publication. Never published.
CREATE TABLE district.published_spot (
    area_id INTEGER NOT NULL,
    anchor TEXT NOT NULL,
    anchor_id BIGINT NOT NULL,
    first_number INTEGER NOT NULL,
    last_number INTEGER,
    grid_id BIGINT NOT NULL,
    cells BIGINT[] NOT NULL,
    people INTEGER NOT NULL,
    legal_entities INTEGER NOT NULL,
    CONSTRAINT pk_published_spot PRIMARY KEY (area_id, anchor, anchor_id, first_number),
    CONSTRAINT fk_published_spot_area_id FOREIGN KEY (area_id)
        REFERENCES district.area (area_id) ON DELETE CASCADE,
    CONSTRAINT ck_published_spot_span CHECK (last_number >= first_number)
);
COMMENT ON COLUMN district.published_spot.last_number IS 'null: so in the newest publication';
