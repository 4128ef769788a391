"""Whoever keeps something of an area in memory can see by one number whether it still holds."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_FOLLOWED = (
    "roads.node", "roads.segment", "roads.turn_restriction", "district.street",
    "district.community", "district.grid", "district.water", "district.place", "register.building",
    "register.entrance", "dispatch.responder", "dispatch.shift",
)  # fmt: skip


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    for table in _FOLLOWED:
        for trigger in ("inserted", "updated", "deleted"):
            op.execute(f"DROP TRIGGER area_{trigger} ON {table}")
    op.execute("DROP TRIGGER area_inserted ON register.address")
    op.execute("DROP TRIGGER renew_version ON district.area")
    op.execute("DROP FUNCTION district.note_change(), district.renew_version()")
    op.execute("ALTER TABLE district.area DROP COLUMN version")
    op.execute("DROP SEQUENCE district.area_version")
