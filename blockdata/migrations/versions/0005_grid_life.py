"""Versions of the grid layer, officers and professional grids; counts kept by place."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = (
    "district.cell_count", "district.grid_count", "district.count_touched", "district.count_spot",
    "district.count_state", "district.professional_grid", "district.grid_absence",
    "district.grid_assignment", "district.grid_officer", "district.grid_of_layer",
    "district.grid_layer",
)  # fmt: skip
_COUNTED = (
    "register.person", "register.legal_entity", "register.address", "register.building",
    "district.place",
)  # fmt: skip


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    for table in _COUNTED:
        for trigger in ("count_inserted", "count_updated", "count_deleted"):
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in ("touch_by_address", "touch_addresses", "touch_buildings", "touch_places"):
        op.execute(f"DROP FUNCTION district.{function}()")
    op.execute("DROP FUNCTION district.spot_of(bigint, bigint)")
    op.execute(f"DROP TABLE {', '.join(_TABLES)}")
    op.execute("DROP FUNCTION district.check_deputy()")
