"""Landmarks: addresses that say of which kind they are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COMMENT = "of a landmark its kind (hospital, metro_exit …); null for what is none"


def upgrade() -> None:
    column = sa.Column("kind", sa.Text, comment=_COMMENT)
    op.add_column("address", column, schema="register")


def downgrade() -> None:
    op.drop_column("address", "kind", schema="register")
