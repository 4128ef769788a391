"""The history of addresses on two time axes, events, lineage, aliases, doubts and reviews."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # as it stands: its % are not places for parameters
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})


def downgrade() -> None:
    op.execute("""
        DROP VIEW register.address_period;
        DROP TRIGGER keep_changed_grid ON district.grid;
        DROP TRIGGER keep_deleted_grid ON district.grid;
        DROP FUNCTION district.keep_grid;
        DROP TRIGGER keep_address ON register.address;
        DROP TRIGGER record_address_history ON register.address;
        DROP TRIGGER open_address_history ON register.address;
        DROP TABLE district.grid_history, register.address_review, register.address_doubt,
            register.address_alias, register.address_lineage;
        DROP FUNCTION register.check_successor, register.refuse_delete, register.differs,
            register.record_history, register.open_history, register.store_version,
            register.own_version, register.current_event, register.begin_event;
        DROP TABLE register.address_version, register.event, register.event_counter;
        ALTER TABLE district.place ALTER CONSTRAINT fk_place_grid_id NOT DEFERRABLE;
        ALTER TABLE register.address ALTER CONSTRAINT fk_address_grid_id NOT DEFERRABLE;
        ALTER TABLE register.building ALTER CONSTRAINT fk_building_grid_id NOT DEFERRABLE;
        DROP INDEX register.uq_address_code;
        CREATE INDEX ix_address_code ON register.address (code);
        ALTER TABLE district.grid DROP COLUMN since;
        ALTER TABLE register.address DROP COLUMN since, DROP COLUMN status;
    """)
