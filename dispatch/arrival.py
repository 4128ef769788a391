"""From the kerb to the door: entrances of a building, and what gate, door and floors take."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from blockdata.profile import Profile
from blockdata.text import Text
from dispatch.roster import query

MAX_ENTRANCES = 8


class Building(NamedTuple):
    """What stands at an address: kind, floors, the address' own floor, and entrances (WGS 84)."""

    kind: str
    floors: int
    floor: int | None
    entrances: tuple[tuple[float, float], ...]


class DoorLeg(NamedTuple):
    """Part of the way from the kerb to the door; whole milliseconds."""

    kind: str
    travel_time_ms: int
    text: Text


def building_at(connection: Connection, address_id: int) -> Building | None:
    """The building of an address; None where it has none, as a road has."""
    row = connection.execute(text(query("building")), {"address_id": address_id}).first()
    if row is None:
        return None
    entrances = tuple(zip(row.lons or (), row.lats or (), strict=True))[:MAX_ENTRANCES]
    return Building(row.kind, row.floors, row.floor, entrances)


def door_legs(profile: Profile, building: Building | None, floor: int | None) -> list[DoorLeg]:
    """What it takes from the kerb to the door, by the profile; nothing outdoors.

    ``floor`` is what was asked for, else the address' own; where neither is known the way ends at
    the building's door. Floors count from 1, the ground floor; cellars (below 1) as stairs.
    """
    if building is None:
        return []
    rules, legs = profile.arrival, []
    kind = profile.building_kinds.get(building.kind)
    if kind is not None and kind.stands in rules.gated_stands:
        legs.append(DoorLeg("gate", _ms(rules.gate_s), Text("小区门禁", "gate of the estate")))
    legs.append(DoorLeg("entrance", _ms(rules.entrance_s), Text("楼门", "door of the building")))
    level = floor if floor is not None else building.floor
    if level is None or level == 1:
        return legs
    climb = level - 1 if level > 0 else -level
    if climb <= rules.stairs_floors:
        seconds = climb * rules.stairs_s_per_floor
        way = Text(f"步行到 {level} 层", f"stairs to floor {level}")
    else:
        seconds = rules.lift_wait_s + climb * rules.lift_s_per_floor
        way = Text(f"电梯到 {level} 层", f"lift to floor {level}")
    return [*legs, DoorLeg("floors", _ms(seconds), way)]


def _ms(seconds: float) -> int:
    return int(seconds * 1000 + 0.5)
