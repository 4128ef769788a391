"""What every table shares: the metadata, geometry columns and id blocks."""

from geoalchemy2 import Geometry
from sqlalchemy import Column, ForeignKey, MetaData

# Four schemas, one for each domain; the care records of a later day get a schema of their own.
SCHEMAS = ("district", "roads", "register", "dispatch")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def geometry(kind: str) -> Geometry:
    """A WGS 84 geometry column type; its GiST index is declared beside the table."""
    return Geometry(kind, srid=4326, spatial_index=False)


def area_column(*, primary_key: bool = False, index: bool = True) -> "Column[int]":
    """The column that says which area a row belongs to; the row goes when its area does."""
    return Column(
        "area_id",
        ForeignKey("district.area.area_id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=index and not primary_key,
    )


AREA_ID_SHIFT = 32


def first_id(area_id: int) -> int:
    """The first permanent id of an area's block of 2**32.

    Ids are opaque: nothing reads the area back out of them. The blocks only let areas be loaded
    in bulk, always with the same ids from the same seed, and never touch another area's. They stay
    below 2**53, so that a browser can hold them.
    """
    return (area_id << AREA_ID_SHIFT) + 1
