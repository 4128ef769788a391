"""Streets as one set of segments between junctions; networks of all modes grow from it."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from blockdata.storage.tables.base import area_column, geometry, metadata

# Nodes are numbered 0 … n−1 within their area, so that a network's arrays need no look-up.
node = Table(
    "node",
    metadata,
    area_column(primary_key=True),
    Column("node_index", Integer, primary_key=True, autoincrement=False),
    Column("osm_id", BigInteger),
    Column("point", geometry("POINT"), nullable=False),
    schema="roads",
)

segment = Table(
    "segment",
    metadata,
    area_column(primary_key=True),
    Column("segment_index", Integer, primary_key=True, autoincrement=False),
    Column("from_node", Integer, nullable=False),
    Column("to_node", Integer, nullable=False),
    Column("length_m", Double, nullable=False),
    Column("road_class", Text, nullable=False, comment="value of OpenStreetMap's highway tag"),
    Column("name_zh", Text),
    Column("name_en", Text),
    Column("oneway", SmallInteger, nullable=False, comment="1 along, -1 against, 0 both ways"),
    Column("access_modes", SmallInteger, nullable=False, comment="bits: foot 1, ebike 2, patrol 4"),
    Column("maxspeed_kph", SmallInteger),
    Column("bridge", Boolean, nullable=False),
    Column("tunnel", Boolean, nullable=False),
    Column("osm_way_id", BigInteger),
    Column("path", geometry("LINESTRING"), nullable=False),
    schema="roads",
)

turn_restriction = Table(
    "turn_restriction",
    metadata,
    area_column(primary_key=True),
    Column("restriction_index", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False, comment="value of the relation's restriction tag"),
    Column("from_segment", Integer, nullable=False),
    Column("via_node", Integer, nullable=False),
    Column("to_segment", Integer, nullable=False),
    Column(
        "bound_modes",
        SmallInteger,
        nullable=False,
        server_default="6",
        comment="bits of the modes that must obey it, as in access_modes",
    ),
    Column("osm_relation_id", BigInteger),
    schema="roads",
)

# What is closed, or slower, for a while; segments by their index, so new roads end all of them.
closure = Table(
    "closure",
    metadata,
    Column("closure_id", BigInteger, Identity(), primary_key=True),
    Column(
        "area_id",
        ForeignKey("district.area.area_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("segments", ARRAY(Integer), nullable=False),
    Column(
        "bound_modes",
        SmallInteger,
        nullable=False,
        comment="bits of the modes that it bears on, as in access_modes",
    ),
    Column("speed_factor", Double, nullable=False, comment="0 closed"),
    Column("reason", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    CheckConstraint("speed_factor >= 0 AND speed_factor <= 1", name="speed_factor"),
    schema="roads",
)

Index("ix_segment_path", segment.c.path, postgresql_using="gist")
