"""One clock: defaults and events tell the moment that the connection was opened with."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run("0009_clock.sql")


def downgrade() -> None:
    _run("0009_clock_down.sql")


def _run(name: str) -> None:
    statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
    # as it stands: its % are not places for parameters
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
