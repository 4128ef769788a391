"""Versions of the grid layer, who serves each grid, professional grids, and counts by place.

Exclusion constraints, checks and the triggers that say what to count again stand in migration 0005.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE

from blockdata.storage.tables.base import area_column, geometry, metadata


def _layer_id(*, primary_key: bool = False) -> "Column[int]":
    return Column(
        "layer_id",
        ForeignKey("district.grid_layer.layer_id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
        autoincrement=False,
    )


def _officer_id(name: str) -> "Column[int]":
    return Column(name, ForeignKey("district.grid_officer.officer_id"), nullable=False)


def _identity(name: str) -> "Column[int]":
    return Column(name, BigInteger, Identity(always=True), primary_key=True)


def _counts() -> "list[Column[int]]":
    names = ("people", "legal_entities", "buildings", "units", "key_sites", "posts")
    return [Column(name, Integer, nullable=False) for name in names]


grid_layer = Table(
    "grid_layer",
    metadata,
    _identity("layer_id"),
    area_column(index=False),
    Column("number", Integer, nullable=False, comment="1, 2, 3 … within the area"),
    Column("source", Text, nullable=False),
    Column("valid", TSTZRANGE, nullable=False),
    UniqueConstraint("area_id", "number"),
    schema="district",
)

grid_of_layer = Table(
    "grid_of_layer",
    metadata,
    _layer_id(primary_key=True),
    Column(
        "grid_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        index=True,
        comment="permanent; an unchanged grid keeps it",
    ),
    area_column(index=False),
    Column("community_id", ForeignKey("district.community.community_id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("outline", geometry("MULTIPOLYGON"), nullable=False),
    UniqueConstraint("layer_id", "code"),
    schema="district",
)

grid_officer = Table(
    "grid_officer",
    metadata,
    _identity("officer_id"),
    area_column(index=False),
    Column("staff_code", Text, nullable=False),
    UniqueConstraint("area_id", "staff_code"),
    schema="district",
)

grid_assignment = Table(
    "grid_assignment",
    metadata,
    _identity("assignment_id"),
    area_column(),
    Column("grid_id", BigInteger, nullable=False),
    _officer_id("officer_id"),
    Column("valid", TSTZRANGE, nullable=False),
    schema="district",
)

grid_absence = Table(
    "grid_absence",
    metadata,
    _identity("absence_id"),
    area_column(),
    _officer_id("officer_id"),
    _officer_id("deputy_id"),
    Column("valid", TSTZRANGE, nullable=False),
    schema="district",
)

professional_grid = Table(
    "professional_grid",
    metadata,
    _identity("professional_id"),
    area_column(),
    Column("kind", Text, nullable=False, comment="fire | work_safety | …"),
    Column("code", Text, nullable=False),
    Column("grid_id", BigInteger, nullable=False),
    Column("valid", TSTZRANGE, nullable=False),
    schema="district",
)

count_state = Table(
    "count_state",
    metadata,
    area_column(primary_key=True),
    _layer_id(),
    Column("counted_at", DateTime(timezone=True), nullable=False),
    schema="district",
)

count_spot = Table(
    "count_spot",
    metadata,
    area_column(primary_key=True),
    Column("anchor", Text, primary_key=True, comment="building | address | place"),
    Column("anchor_id", BigInteger, primary_key=True, autoincrement=False),
    Column("grid_id", BigInteger, nullable=False, comment="0: in no grid"),
    Column("cells", ARRAY(BigInteger), nullable=False, comment="H3 at resolutions 7 to 11"),
    *_counts(),
    schema="district",
)

count_touched = Table(
    "count_touched",
    metadata,
    _identity("touched_id"),
    area_column(),
    Column("anchor", Text, nullable=False),
    Column("anchor_id", BigInteger, nullable=False),
    schema="district",
)

grid_count = Table(
    "grid_count",
    metadata,
    _layer_id(primary_key=True),
    Column("grid_id", BigInteger, primary_key=True, autoincrement=False, comment="0: in no grid"),
    area_column(),
    *_counts(),
    Column("valid", TSTZRANGE, primary_key=True),
    schema="district",
)

cell_count = Table(
    "cell_count",
    metadata,
    area_column(primary_key=True),
    Column("resolution", SmallInteger, primary_key=True, autoincrement=False),
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    *_counts(),
    schema="district",
)

Index("ix_grid_of_layer_area_id", grid_of_layer.c.area_id, grid_of_layer.c.code)
Index("ix_grid_of_layer_outline", grid_of_layer.c.outline, postgresql_using="gist")
Index("ix_grid_absence_deputy_id", grid_absence.c.deputy_id)

publication = Table(
    "publication",
    metadata,
    _identity("publication_id"),
    area_column(index=False),
    Column("number", Integer, nullable=False, comment="1, 2, 3 … within the area"),
    _layer_id(),
    Column("resolutions", ARRAY(SmallInteger), nullable=False),
    Column("counted_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("area_id", "number"),
    schema="district",
)

# A suppressed count is null here.
published_count = Table(
    "published_count",
    metadata,
    Column(
        "publication_id",
        ForeignKey("district.publication.publication_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("division", Text, primary_key=True, comment="grid | … | district | h3_7 … h3_11"),
    Column("code", Text, primary_key=True),
    area_column(),
    Column("people", Integer),
    Column("legal_entities", Integer),
    schema="district",
)

published_spot = Table(
    "published_spot",
    metadata,
    area_column(primary_key=True),
    Column("anchor", Text, primary_key=True),
    Column("anchor_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_number", Integer, primary_key=True, autoincrement=False),
    Column("last_number", Integer, comment="null: so in the newest publication"),
    Column("grid_id", BigInteger, nullable=False),
    Column("cells", ARRAY(BigInteger), nullable=False),
    Column("people", Integer, nullable=False),
    Column("legal_entities", Integer, nullable=False),
    schema="district",
)
