"""The named SQL files of this package."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "queries"


@cache
def query(name: str) -> str:
    """The text of ``queries/<name>.sql``; parameters are written ``:name``."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
