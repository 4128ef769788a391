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


def empty_area(connection: Connection, name: str) -> None:
    """Delete all rows of an area but its own, children first; for a transaction that refills it.

    With the single checks switched off, a district of millions goes in seconds, not minutes.
    """
    known = connection.execute(
        text("SELECT area_id FROM district.area WHERE name = :name"), {"name": name}
    ).scalar()
    for table in reversed(metadata.sorted_tables):
        if known is not None and "area_id" in table.c and table.fullname != "district.area":
            connection.execute(
                text(f"DELETE FROM {table.fullname} WHERE area_id = :area_id"), {"area_id": known}
            )


def check_keys(connection: Connection, area_id: int) -> None:
    """Check every foreign key of an area's rows, and switch the single checks on again.

    Raises:
        RuntimeError: a row points to nothing, which would be a fault of the generator.
    """
    connection.execute(text("SET LOCAL session_replication_role = origin"))
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
