"""Areas; their streets (街道), communities (社区), grids (网格), water, key sites and posts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from blockdata.storage.tables.base import area_column, geometry, metadata

area = Table(
    "area",
    metadata,
    Column("area_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("profile", Text, nullable=False),
    Column("seed", BigInteger),
    Column("scale", Double),
    Column("source", Text, nullable=False),
    Column("outline", geometry("MULTIPOLYGON")),
    Column(
        "created_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.district.transaction_now(),
    ),
    Column(
        "version",
        BigInteger,
        nullable=False,
        server_default=text("nextval('district.area_version')"),
        comment="another number after every change of what the area has; never one that was before",
    ),
    schema="district",
)

# Which number a synthetic area had, so that it has it again when it is built again, also after it
# was dropped. (No ``area_id``: these rows are not the area's, and outlive it.)
synthetic_number = Table(
    "synthetic_number",
    metadata,
    Column(
        "number",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="the area_id it had, and gets again: the upper part of its permanent ids",
    ),
    Column("name", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("seed", BigInteger),
    UniqueConstraint("name", "profile", "seed", postgresql_nulls_not_distinct=True),
    schema="district",
)


street = Table(
    "street",
    metadata,
    Column("street_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("code", Text, nullable=False, comment="9 digits: district + 3"),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("outline", geometry("MULTIPOLYGON"), nullable=False),
    UniqueConstraint("area_id", "code"),
    schema="district",
)

community = Table(
    "community",
    metadata,
    Column("community_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("street_id", ForeignKey("district.street.street_id"), nullable=False, index=True),
    Column("code", Text, nullable=False, comment="12 digits: street + 3"),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("outline", geometry("MULTIPOLYGON"), nullable=False),
    UniqueConstraint("area_id", "code"),
    schema="district",
)

grid = Table(
    "grid",
    metadata,
    Column("grid_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column(
        "community_id", ForeignKey("district.community.community_id"), nullable=False, index=True
    ),
    Column("code", Text, nullable=False, comment="14 digits: community + 2"),
    Column("outline", geometry("MULTIPOLYGON"), nullable=False),
    Column(
        "since",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.district.transaction_now(),
        comment="from when it is valid",
    ),
    UniqueConstraint("area_id", "code"),
    schema="district",
)

water = Table(
    "water",
    metadata,
    Column("water_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("outline", geometry("MULTIPOLYGON"), nullable=False),
    schema="district",
)

# Key sites (重点部位) and standing police points (屯警点).
place = Table(
    "place",
    metadata,
    Column("place_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("kind", Text, nullable=False, comment="key_site | post"),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column(
        "grid_id",
        ForeignKey("district.grid.grid_id", deferrable=True, initially="IMMEDIATE"),
        index=True,
    ),
    Column("point", geometry("POINT"), nullable=False),
    schema="district",
)

for _table, _column in (
    (street, "outline"),
    (community, "outline"),
    (grid, "outline"),
    (water, "outline"),
    (place, "point"),
):
    Index(f"ix_{_table.name}_{_column}", _table.c[_column], postgresql_using="gist")
