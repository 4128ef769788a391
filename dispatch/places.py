"""Where a question points: an address in words, a known address, or coordinates."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blockdata.errors import NotFound, UnknownAddress
from blockdata.text import Text

if TYPE_CHECKING:
    from blockdata.address.match import Match


@dataclass(frozen=True)
class Located:
    """A point (WGS 84), the address it comes from, and how sure that is."""

    lon: float
    lat: float
    address: dict[str, Any] | None
    probability: float | None
    level: str | None
    why: Text


def located_at(lon: float, lat: float) -> Located:
    """Coordinates as given: nothing was matched."""
    why = Text("按给出的坐标", "at the coordinates given")
    return Located(lon, lat, None, None, None, why)


def located_by_match(match: "Match") -> Located:
    """The place that words were matched to.

    Raises:
        UnknownAddress: the address is known, but not where it is.
    """
    place = match.matched
    if place.lon is None or place.lat is None:
        raise _placeless(place.text)
    return Located(place.lon, place.lat, place.as_dict(), match.probability, match.level, match.why)


def located_by_id(row: dict[str, Any], area: str) -> Located:
    """The place of a known address, as ``AddressService.show`` gives it.

    Raises:
        NotFound: it is an address of another area.
        UnknownAddress: it is not known where it is.
    """
    if row["area"] != area:
        raise NotFound(
            Text(
                f"区域“{area}”没有地址 {row['address_id']}",
                f"the area {area!r} has no address {row['address_id']}",
            ),
            field="address_id",
        )
    if row["lon"] is None:
        raise _placeless(row["text_zh"])
    address = {
        "address_id": row["address_id"],
        "text": row["text_zh"],
        "name": row["name_zh"],
        "level": row["level"],
        "lon": row["lon"],
        "lat": row["lat"],
        "grid_code": row["grid_code"],
    }
    why = Text("按选定的地址", "the address that was picked")
    return Located(row["lon"], row["lat"], address, 1.0, row["level"], why)


def _placeless(words: str) -> UnknownAddress:
    return UnknownAddress(
        Text(f"“{words}”没有位置", f"it is not known where {words!r} is"),
        field="address",
        cure=Text("改用坐标或更上一级的地址", "use coordinates, or the address above it"),
    )
