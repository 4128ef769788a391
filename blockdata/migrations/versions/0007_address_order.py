"""Changes of an address are dated in order, and what they lead to exists by then."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # as it stands: its % are not places for parameters
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})


def downgrade() -> None:
    op.execute(
        """
        DROP TRIGGER check_address_order ON register.address_version;
        DROP TRIGGER check_successor_there ON register.address_lineage;
        DROP FUNCTION register.check_address_order, register.check_successor_there,
            register.began_since;
        """
    )
