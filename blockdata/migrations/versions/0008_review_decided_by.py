"""The clerical queue keeps who decided a text, also where that teaches no alias."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("decided_by", sa.Text, comment="who decided it or laid it aside")
    op.add_column("address_review", column, schema="register")


def downgrade() -> None:
    op.drop_column("address_review", "decided_by", schema="register")
