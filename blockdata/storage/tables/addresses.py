"""What the register remembers of addresses: events, versions, lineage, aliases, doubts, reviews.

Exclusion constraints and the triggers that write these rows stand in migration 0004.
"""

from sqlalchemy import (
    REAL,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE

from blockdata.storage.tables.base import area_column, geometry, metadata


def _address_id(name: str, *, nullable: bool = False) -> "Column[int]":
    return Column(name, ForeignKey("register.address.address_id"), nullable=nullable)


def _event(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["area_id", column], ["register.event.area_id", "register.event.seq"]
    )


event_counter = Table(
    "event_counter",
    metadata,
    area_column(primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    schema="register",
)

event = Table(
    "event",
    metadata,
    area_column(primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column(
        "known_at",
        DateTime(timezone=True),
        nullable=False,
        comment="strictly rising with seq within an area",
    ),
    Column(
        "valid_from",
        DateTime(timezone=True),
        nullable=False,
        comment="from when the change holds in the world",
    ),
    Column("source", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    schema="register",
)

address_version = Table(
    "address_version",
    metadata,
    Column("version_id", BigInteger, Identity(always=True), primary_key=True),
    _address_id("address_id"),
    area_column(index=False),
    Column("level", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("parent_id", BigInteger, index=True),
    Column("building_id", BigInteger),
    Column("grid_code", Text),
    Column("code", Text, comment="own part: of a room its last 6 digits, of a unit none"),
    Column("label_zh", Text, nullable=False),
    Column(
        "text_zh",
        Text,
        comment="null for units and rooms: theirs is that of the level above and their label",
    ),
    Column("name_zh", Text),
    Column("floor", SmallInteger),
    Column("point", geometry("POINT")),
    Column("valid", TSTZRANGE, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("opened_by", BigInteger, comment="null: as it was loaded"),
    Column("closed_by", BigInteger),
    _event("opened_by"),
    _event("closed_by"),
    Index(None, "area_id", "opened_by"),
    schema="register",
)
Index(
    "ix_address_version_code",
    address_version.c.code,
    postgresql_where=address_version.c.level == "building",
)

address_lineage = Table(
    "address_lineage",
    metadata,
    Column("from_id", ForeignKey("register.address.address_id"), primary_key=True),
    Column("to_id", ForeignKey("register.address.address_id"), primary_key=True, index=True),
    area_column(index=False),
    Column("kind", Text, nullable=False, comment="split | merge | replace"),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("seq", BigInteger, nullable=False),
    _event("seq"),
    Index(None, "area_id", "seq"),
    schema="register",
)

address_alias = Table(
    "address_alias",
    metadata,
    Column("alias_id", BigInteger, Identity(always=True), primary_key=True),
    _address_id("address_id"),
    area_column(index=False),
    Column("text_zh", Text, nullable=False, comment="in normal form"),
    Column("source", Text, nullable=False),
    Column("confidence", REAL, nullable=False),
    Column("valid", TSTZRANGE, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("opened_by", BigInteger, nullable=False),
    Column("closed_by", BigInteger),
    _event("opened_by"),
    _event("closed_by"),
    Index(None, "area_id", "text_zh"),
    schema="register",
)

address_doubt = Table(
    "address_doubt",
    metadata,
    Column("doubt_id", BigInteger, Identity(always=True), primary_key=True),
    _address_id("address_id"),
    area_column(index=False),
    Column("attribute", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("opened_by", BigInteger, nullable=False),
    Column("closed_by", BigInteger),
    _event("opened_by"),
    _event("closed_by"),
    Index(None, "area_id", "opened_by"),
    schema="register",
)

address_review = Table(
    "address_review",
    metadata,
    Column("review_id", BigInteger, Identity(always=True), primary_key=True),
    area_column(index=False),
    Column("text_zh", Text, nullable=False, comment="in normal form"),
    Column("written", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column(
        "candidates",
        JSONB,
        nullable=False,
        comment='best first: [{"address_id", "text", "level", "probability"}]',
    ),
    Column("times_seen", Integer, nullable=False, server_default="1"),
    Column(
        "status",
        Text,
        nullable=False,
        server_default="open",
        comment="open | matched | unmatched | skipped",
    ),
    _address_id("decided_id", nullable=True),
    Column("decided_by", Text, comment="who decided it or laid it aside"),
    Column("note", Text),
    Column(
        "asked_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.district.transaction_now(),
    ),
    Column("decided_at", DateTime(timezone=True)),
    UniqueConstraint("area_id", "text_zh"),
    Index(None, "area_id", "status"),
    schema="register",
)

grid_history = Table(
    "grid_history",
    metadata,
    Column("grid_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("code", Text, nullable=False),
    Column("outline", geometry("MULTIPOLYGON"), nullable=False),
    Column("valid", TSTZRANGE, primary_key=True),
    schema="district",
)
