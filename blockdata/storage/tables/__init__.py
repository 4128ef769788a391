"""Every table, one file for each domain. Importing this package fills ``base.metadata``."""

from blockdata.storage.tables import addresses, district, grids, register, responders, roads
from blockdata.storage.tables.base import SCHEMAS, metadata

__all__ = [
    "SCHEMAS",
    "addresses",
    "district",
    "grids",
    "metadata",
    "register",
    "responders",
    "roads",
]
