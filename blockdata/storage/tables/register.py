"""The register: buildings, entrances, units, addresses, people and legal entities."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    func,
)

from blockdata.storage.tables.base import area_column, geometry, metadata


def _grid_key() -> ForeignKey:
    """Rows of the grid table are replaced within one transaction; what stands in them follows."""
    return ForeignKey("district.grid.grid_id", deferrable=True, initially="IMMEDIATE")


building = Table(
    "building",
    metadata,
    Column("building_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("grid_id", _grid_key(), nullable=False, index=True),
    Column("code", Text, nullable=False, index=True, comment="19 digits: grid + 5"),
    Column("kind", Text, nullable=False, comment="a building kind of the district profile"),
    Column("name_zh", Text, nullable=False),
    Column("floors", SmallInteger, nullable=False),
    Column("footprint", geometry("POLYGON"), nullable=False),
    schema="register",
)

entrance = Table(
    "entrance",
    metadata,
    Column("entrance_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("building_id", ForeignKey("register.building.building_id"), nullable=False, index=True),
    Column("kind", Text, nullable=False, comment="main | side"),
    Column("point", geometry("POINT"), nullable=False),
    schema="register",
)

# One row per address of any level; a room's place is its building's.
address = Table(
    "address",
    metadata,
    Column("address_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column(
        "level", Text, nullable=False, comment="number | estate | building | unit | room | place"
    ),
    Column("parent_id", BigInteger, index=True),
    Column("building_id", ForeignKey("register.building.building_id"), index=True),
    Column("grid_id", _grid_key(), index=True),
    Column("code", Text, comment="25, 19 or 14 digits; a label, never a key"),
    Column("label_zh", Text, nullable=False, comment="this level's own part, as in 501房"),
    Column("text_zh", Text, nullable=False, comment="the whole address in normal form"),
    Column("name_zh", Text, comment="the name of what stands there, where it has one"),
    Column("floor", SmallInteger),
    Column("point", geometry("POINT")),
    Column(
        "status",
        Text,
        nullable=False,
        server_default="current",
        comment="planned | current | retired",
    ),
    Column(
        "since",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.district.transaction_now(),
        comment="when it came into the register; both axes begin here",
    ),
    Column(
        "kind",
        Text,
        comment="of a landmark its kind (hospital, metro_exit …); null for what is none",
    ),
    schema="register",
)

person = Table(
    "person",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("address_id", ForeignKey("register.address.address_id"), nullable=False, index=True),
    Column("citizen_number", Text, nullable=False, comment="GB 11643; synthetic people: area 999"),
    Column("name_zh", Text, nullable=False),
    Column("sex", Text, nullable=False, comment="f | m"),
    Column("birth_date", Date, nullable=False),
    Column("tenure", Text, nullable=False, comment="registered | tenant"),
    schema="register",
)

legal_entity = Table(
    "legal_entity",
    metadata,
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("address_id", ForeignKey("register.address.address_id"), nullable=False, index=True),
    Column("credit_code", Text, nullable=False, comment="GB 32100"),
    Column("name_zh", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="an entity kind of the district profile"),
    schema="register",
)

Index("ix_building_footprint", building.c.footprint, postgresql_using="gist")
Index("ix_entrance_point", entrance.c.point, postgresql_using="gist")
Index(
    "uq_address_code",
    address.c.code,
    address.c.area_id,
    unique=True,
    postgresql_where=address.c.level.in_(("building", "room")) & (address.c.status != "retired"),
)
Index(
    "ix_address_point",
    address.c.point,
    postgresql_using="gist",
    postgresql_where=address.c.point.is_not(None),
)
Index(
    "ix_address_landmark_point",
    address.c.point,
    postgresql_using="gist",
    postgresql_where=address.c.kind.is_not(None),
)
