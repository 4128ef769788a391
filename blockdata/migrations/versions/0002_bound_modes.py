"""Turn restrictions say which travel modes they bind."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE roads.turn_restriction ADD COLUMN bound_modes SMALLINT NOT NULL DEFAULT 6"
    )
    op.execute(
        "COMMENT ON COLUMN roads.turn_restriction.bound_modes IS "
        "'bits of the modes that must obey it, as in access_modes'"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE roads.turn_restriction DROP COLUMN bound_modes")
