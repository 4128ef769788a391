"""Where a question points: an address in words, a known address, or coordinates."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from blockdata.address.extent import UNKNOWN_NUMBER, Reach
from blockdata.errors import NotFound, PlaceNotSaid, UnknownAddress
from blockdata.text import Text

if TYPE_CHECKING:
    from blockdata.address.match import Match

_REACHES = {
    "street": Text("只说到街道", "reaches a street (subdistrict) only"),
    "community": Text("只说到社区", "reaches a community only"),
    "road": Text("只说到道路", "reaches a road only"),
    "estate": Text("只说到小区", "reaches an estate only"),
    "place": Text("只说到地铁站", "reaches a metro station only"),
    "kind": Text("说的是一类地标", "names a kind of landmark"),
}


@dataclass(frozen=True)
class Located:
    """A point (WGS 84), the address it comes from, and how sure that is.

    ``uncertainty_m`` where it is a rough point that was confirmed: it may be as far off.
    """

    lon: float
    lat: float
    address: dict[str, Any] | None
    probability: float | None
    level: str | None
    why: Text
    uncertainty_m: float | None = None


def located_at(lon: float, lat: float) -> Located:
    """Coordinates as given: nothing was matched."""
    why = Text("按给出的坐标", "at the coordinates given")
    return Located(lon, lat, None, None, None, why)


def located_by_match(match: "Match", *, confirmed: bool) -> Located:
    """The place that words were matched to.

    Raises:
        PlaceNotSaid: they name no point, and no rough one was ``confirmed``.
        UnknownAddress: the address is known, but not where it is.
    """
    place = match.matched
    if match.reach is not None:
        about = place.as_dict()
        rough = _rough(match.reach, about, match.asked, "address", confirmed=confirmed)
        return replace(rough, probability=match.probability)
    if place.lon is None or place.lat is None:
        raise _placeless(place.text)
    return Located(place.lon, place.lat, place.as_dict(), match.probability, match.level, match.why)


def located_by_id(
    row: dict[str, Any], area: str, reach: Reach | None = None, *, confirmed: bool = False
) -> Located:
    """The place of a known address, as ``AddressService.show`` gives it, and how far it reaches.

    Raises:
        PlaceNotSaid: it is no point, and no rough one was ``confirmed``.
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
    if reach is not None:
        words = row["text_zh"]
        return _rough(reach, _address(row), words, "address_id", confirmed=confirmed)
    if row["lon"] is None:
        raise _placeless(row["text_zh"])
    why = Text("按选定的地址", "the address that was picked")
    return Located(row["lon"], row["lat"], _address(row), 1.0, row["level"], why)


def _address(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "address_id": row["address_id"],
        "text": row["text_zh"],
        "name": row["name_zh"],
        "level": row["level"],
        "lon": row["lon"],
        "lat": row["lat"],
        "grid_code": row["grid_code"],
        "kind": row["kind"],
    }


def _rough(
    reach: Reach, address: dict[str, Any], words: str, field: str, *, confirmed: bool
) -> Located:
    """The likeliest point of what is no point, where that was confirmed."""
    point, level = reach.point, address["level"]
    if point is None and level != "kind":
        raise _placeless(words)
    if point is None or not confirmed:
        raise _not_said(reach, words, level, field)
    lon, lat, off_m = point
    if reach.estimate is None:
        why = Text(
            f"{_REACHES[level].zh},按范围内一点,已确认;可能相差 {off_m:.0f} 米",
            f"{_REACHES[level].en}: a point within it, confirmed; it may be {off_m:.0f} m off",
        )
    else:
        low, high = reach.estimate.between[0], reach.estimate.between[-1]
        why = Text(
            f"在 {low} 与 {high} 之间估计的位置,已确认;可能相差 {off_m:.0f} 米",
            f"estimated between {low} and {high}, confirmed; it may be {off_m:.0f} m off",
        )
    return Located(lon, lat, address | {"lon": lon, "lat": lat}, None, level, why, off_m)


def _not_said(reach: Reach, words: str, level: str, field: str) -> PlaceNotSaid:
    listed = "; ".join(offer.text for offer in reach.offers)
    such = Text(f",例如:{listed}", f", as in: {listed}") if listed else Text("", "")
    about, missing = _REACHES[level], reach.missing
    if missing is UNKNOWN_NUMBER:
        about = Text("的道路已知", "names a road that is known")
    if reach.estimate is not None:
        low, high = reach.estimate.between[0], reach.estimate.between[-1]
        off_m = reach.estimate.uncertainty_m
        guess = Text(
            f";估计在 {low} 与 {high} 之间,误差约 {off_m:.0f} 米",
            f"; it should lie between {low} and {high}, give or take {off_m:.0f} m",
        )
    else:
        guess = Text("", "")
    rough = Text("", "")
    if reach.point is not None:
        rough = Text(
            ";或确认按大致位置派遣(confirmed)", "; or confirm the rough position (confirmed)"
        )
    return PlaceNotSaid(
        Text(
            f"“{words}”{about.zh},{missing.zh}{guess.zh}",
            f"{words!r} {about.en}: {missing.en}{guess.en}",
        ),
        field=field,
        cure=Text(
            f"请接着问清{such.zh}{rough.zh}",
            f"ask on{such.en}{rough.en}",
        ),
        level=level,
        **reach.as_dict(),
    )


def _placeless(words: str) -> UnknownAddress:
    return UnknownAddress(
        Text(f"“{words}”没有位置", f"it is not known where {words!r} is"),
        field="address",
        cure=Text("改用坐标或更上一级的地址", "use coordinates, or the address above it"),
    )
