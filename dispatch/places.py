"""Where a question points: an address in words, a known address, or coordinates."""

from dataclasses import dataclass
from typing import Any

from blockdata.errors import InputError
from blockdata.text import Text


@dataclass(frozen=True)
class Located:
    """A point (WGS 84), the address it comes from, and how sure that is."""

    lon: float
    lat: float
    address: dict[str, Any] | None
    probability: float | None
    level: str | None
    why: Text


def read_point(words: str) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) from ``LON,LAT``.

    Raises:
        InputError: they are not two numbers, or no place on Earth.
    """
    parts = words.replace(",", ",").split(",")
    cure = Text("写成 经度,纬度,如 113.85,22.58", "write LON,LAT such as 113.85,22.58")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        raise InputError(
            Text(f"坐标“{words}”看不懂", f"{words!r} are no coordinates"), field="at", cure=cure
        ) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            Text(f"坐标“{words}”不在地球上", f"{words!r} is no place on Earth"),
            field="at",
            cure=cure,
        )
    return lon, lat


def located_at(lon: float, lat: float) -> Located:
    """Coordinates as given: nothing was matched."""
    why = Text("按给出的坐标", "at the coordinates given")
    return Located(lon, lat, None, None, None, why)
