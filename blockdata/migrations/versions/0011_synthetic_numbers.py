"""A synthetic area that is dropped and built again from the same seed gets its ids back."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE district.synthetic_number (
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            profile TEXT NOT NULL,
            seed BIGINT,
            CONSTRAINT pk_synthetic_number PRIMARY KEY (number),
            CONSTRAINT uq_synthetic_number_name_profile_seed
                UNIQUE NULLS NOT DISTINCT (name, profile, seed)
        )
        """
    )
    op.execute(
        "COMMENT ON COLUMN district.synthetic_number.number IS "
        "'the area_id it had, and gets again: the upper part of its permanent ids'"
    )
    op.execute(
        "INSERT INTO district.synthetic_number (number, name, profile, seed) "
        "SELECT area_id, name, profile, seed FROM district.area WHERE synthetic"
    )


def downgrade() -> None:
    op.execute("DROP TABLE district.synthetic_number")
