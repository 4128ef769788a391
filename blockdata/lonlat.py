"""A point in words: ``LON,LAT``."""

from blockdata.errors import InputError
from blockdata.text import Text


def read_lon_lat(words: str, field: str = "at") -> tuple[float, float]:
    """Longitude and latitude in degrees from ``LON,LAT``; a full-width comma will do.

    Raises:
        InputError: they are not two numbers, or no place on Earth.
    """
    try:
        lon, lat = (float(part) for part in words.replace("，", ",").split(","))
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            Text(f"“{words}”不是经度,纬度", f"{words!r} is not LON,LAT"),
            field=field,
            cure=Text("写成 经度,纬度,如 113.85,22.58", "write LON,LAT as in 113.85,22.58"),
        )
    return lon, lat
