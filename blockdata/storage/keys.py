"""Foreign keys of a bulk load: checked once for the whole area instead of row by row."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from blockdata.storage.tables.base import metadata


def postpone_key_checks(connection: Connection) -> bool:
    """Let the rest of the transaction load rows without a look at each foreign key.

    Millions of single checks take more than half of a load. Only a superuser may switch them off,
    as in the private cluster; elsewhere every row is checked as it comes, and this returns False.
    """
    try:
        with connection.begin_nested():
            connection.execute(text("SET LOCAL session_replication_role = replica"))
    except ProgrammingError:  # insufficient privilege
        return False
    return True


def resume_key_checks(connection: Connection) -> None:
    """Look at each foreign key again from here on."""
    connection.execute(text("SET LOCAL session_replication_role = origin"))


def check_keys(connection: Connection, area_id: int) -> None:
    """Check every foreign key of an area's rows, and switch the single checks on again.

    Raises:
        RuntimeError: a row points to nothing, which would be a fault of the loading code.
    """
    resume_key_checks(connection)
    for table in metadata.sorted_tables:
        if "area_id" not in table.c:
            continue
        for key in table.foreign_keys:
            parent, column = key.column.table.fullname, key.parent.name
            lost = connection.execute(
                text(
                    f"SELECT count(*) FROM {table.fullname} c WHERE c.area_id = :area_id "
                    f"AND c.{column} IS NOT NULL AND NOT EXISTS "
                    f"(SELECT 1 FROM {parent} p WHERE p.{key.column.name} = c.{column})"
                ),
                {"area_id": area_id},
            ).scalar_one()
            if lost:
                raise RuntimeError(f"{lost} rows of {table.fullname} have no {column} in {parent}")
