"""A point in words: ``LON,LAT``."""

from blockdata.clean import shown
from blockdata.errors import InputError
from blockdata.text import Text


def read_lon_lat(words: str, field: str = "at") -> tuple[float, float]:
    """Longitude and latitude in degrees from ``LON,LAT``; a full-width comma will do.

    Raises:
        InputError: they are not two numbers, or no place on Earth.
    """
    try:
        lon, lat = (_degrees(part) for part in words.replace("，", ",").split(","))
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            Text(f"“{shown(words)}”不是经度,纬度", f"'{shown(words)}' is not LON,LAT"),
            field=field,
            cure=Text("写成 经度,纬度,如 113.85,22.58", "write LON,LAT as in 113.85,22.58"),
        )
    return lon, lat


def _degrees(words: str) -> float:
    if "_" in words:  # Python reads 1_000 as a number; nobody who writes a point means that
        raise ValueError
    return float(words)
