"""Sound rows wait in a table of their own until the whole file has been looked at."""

from collections.abc import Sequence

import pyarrow as pa
from sqlalchemy import BigInteger, Column, Connection, Double, MetaData, Table, Text, text

from blockdata.address.importing.checks import CheckedRows
from blockdata.address.sql import query
from blockdata.storage.bulk import copy_rows
from blockdata.storage.tables.base import first_id

_STAGED = Table(
    "import_rows",
    MetaData(),
    Column("n", BigInteger, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("name_zh", Text),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("kind", Text),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


class Staging:
    """The sound rows of one import, in the transaction that will store them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.count = 0
        _STAGED.create(connection)

    def add(self, checked: CheckedRows) -> None:
        """Take in sound rows."""
        texts: Sequence[str] = checked.texts
        rows = pa.table(
            {
                "n": pa.array(range(self.count, self.count + len(texts)), pa.int64()),
                "text_zh": pa.array(texts, pa.string()),
                "name_zh": pa.array(checked.names, pa.string()),
                "lon": pa.array(checked.lon, pa.float64()),
                "lat": pa.array(checked.lat, pa.float64()),
                "kind": pa.array(checked.kinds, pa.string()),
            }
        )
        self.count += copy_rows(self._connection, _STAGED, rows)

    def store(self, area_id: int) -> None:
        """Make them addresses of the area, numbered behind those that it has.

        Who changes the area's register waits meanwhile, so that no number is given twice.
        """
        if not self.count:
            return
        here = {"area_id": area_id}
        self._connection.execute(text(query("import_turn")), here)
        start = self._connection.execute(
            text(
                "SELECT coalesce(max(address_id) + 1, :first) FROM register.address"
                " WHERE area_id = :area_id"
            ),
            here | {"first": first_id(area_id)},
        ).scalar_one()
        # what a load does is no change of the register: it opens no history
        self._connection.execute(text("SELECT set_config('register.loading', 'on', true)"))
        self._connection.execute(text(query("import_store")), here | {"start": start})
        self._connection.execute(text(query("place_in_grids")), here | {"first": start})
        self._connection.execute(text("SELECT set_config('register.loading', '', true)"))
