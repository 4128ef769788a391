"""Responders of the three tiers, their shifts, and where they last were while on duty."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
)

from blockdata.storage.tables.base import area_column, geometry, metadata

shift = Table(
    "shift",
    metadata,
    Column("shift_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("weekday_mask", SmallInteger, nullable=False, comment="bit 0 Monday … bit 6 Sunday"),
    Column("start_minute", SmallInteger, nullable=False, comment="of the local day"),
    Column("duration_minutes", SmallInteger, nullable=False),
    schema="dispatch",
)

responder = Table(
    "responder",
    metadata,
    Column("responder_id", BigInteger, primary_key=True, autoincrement=False),
    area_column(),
    Column("tier", Text, nullable=False, comment="volunteer | auxiliary | officer"),
    Column("mode", Text, nullable=False, comment="foot | ebike | patrol"),
    Column("call_sign", Text, nullable=False),
    Column("shift_id", ForeignKey("dispatch.shift.shift_id"), nullable=False, index=True),
    Column("skills", ARRAY(Text), nullable=False),
    Column("duty_point", geometry("POINT"), nullable=False, comment="where the duty is done"),
    # A made-up responder's device reports on a made-up rhythm: its fix is always this old, and
    # stands at the duty point. Real responders have none and are known by `position` alone.
    Column("synthetic_fix_age_s", SmallInteger),
    schema="dispatch",
)

# The last position only, and only of those on duty; written by the position feed.
position = Table(
    "position",
    metadata,
    Column("responder_id", ForeignKey("dispatch.responder.responder_id"), primary_key=True),
    area_column(),
    Column("status", Text, nullable=False, comment="available | busy"),
    Column("point", geometry("POINT"), nullable=False),
    Column("accuracy_m", Double, nullable=False),
    Column("fixed_at", DateTime(timezone=True), nullable=False),
    schema="dispatch",
)

Index("ix_responder_duty_point", responder.c.duty_point, postgresql_using="gist")
