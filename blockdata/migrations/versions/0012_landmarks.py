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
    op.create_index(
        "ix_address_landmark_point",
        "address",
        ["point"],
        schema="register",
        postgresql_using="gist",
        postgresql_where=sa.text("kind IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_address_landmark_point", "address", schema="register")
    op.drop_column("address", "kind", schema="register")
