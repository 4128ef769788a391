"""Degraded addresses that say more of where a place lies than the register knows.

Quarters and former towns before the road, in the hands of portals too; side roads that the register
lacks; corners; second addresses. What is said so is true, but for a few places of a known name that
lie elsewhere. Functions change the parts of one query as those of ``address_noise_places`` do;
shares are round numbers of ours, tails of names are words of the language.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.synthetic.address_hand import Hand

# how quarters end that are no division of the register, and former towns
_QUARTERS = (
    "岭", "塘", "围", "坑", "头", "尾", "埔", "岗", "涌", "湾", "坪", "墟", "口岸", "新城",
    "中心区", "片区", "老街", "关口",
)  # fmt: skip
_TOWNS = ("镇", "乡")
_ROADS = ("路", "街", "巷", "大道", "东路", "西街")
_AREA = 0.12  # of queries of most kinds: a quarter is named
_WITHOUT = ("full", "script", "ambiguous", "old_district", "other_district", "namesake")
_DIVISIONS_MATTER = ("strange_name", "other_division", "other_gate")
_TOWN = 0.3  # of quarters: former towns
_PORTAL, _BRACKET = 0.4, 0.2  # of quarters: 宝安-某某岭-固戍一路, (宝安区某某岭)固戍一路
_NOBODY_KNOWS = 0.6  # of other roads: the register lacks them
_NUMBERED = 0.6  # of side roads: with a number
_NAMESAKE = 0.05  # of estates at a side road, outside of the district: another of that name
_NO_NUMBER = 0.7  # of corners: no number on either road


def in_quarter(hand: "Hand", kind: str, levels: set[str]) -> set[str]:
    """A quarter that is no division of the register stands before the road, or the estate."""
    rng = hand.rng
    if kind in _WITHOUT or hand.landmark or rng.random() >= _AREA:
        return levels
    town = rng.random() < _TOWN
    while True:
        tail = str(rng.choice(_TOWNS if town else _QUARTERS))
        area = hand.some(1 if len(tail) > 1 else int(rng.integers(1, 3))) + tail
        if area not in hand.library.near:
            break
    how = rng.random()
    on_road = "road" in levels and bool(hand.part["road"])
    if kind in _DIVISIONS_MATTER:
        how = 1.0
    if how < _PORTAL:
        hand.prefix, hand.area = "宝安-", area + "-"
        return levels - {"street", "community"}
    if how < _PORTAL + _BRACKET:
        hand.prefix, hand.area = f"(宝安区{area})", ""
        return levels - {"street", "community"}
    if (on_road or town) and kind not in ("sound", "slip"):
        hand.area = area
        # 新塘固戍一路 may be a road of that name
        confirmed = "estate" in levels and bool(hand.part["estate"])
        hand.readable &= town or confirmed
    return levels


def side_road(hand: "Hand", levels: set[str]) -> set[str]:
    """An estate at another road than the register has; now and then another estate of that name."""
    part, rng = hand.part, hand.rng
    if not part["estate"]:
        return levels
    namesake = rng.random() < _NAMESAKE
    part["road"] = _some_road(hand, near=not namesake)
    part["number"] = str(int(rng.integers(1, 400))) if rng.random() < _NUMBERED else ""
    if part["number"] and hand.library.fitting(road=part["road"], number=part["number"]):
        part["number"] = ""
    hand.readable = False
    if namesake:
        hand.exists, hand.elsewhere, hand.prefix = False, True, ""
        return (levels | {"road"}) - {"street", "community"}
    return levels | {"road"}


def at_corner(hand: "Hand", levels: set[str]) -> set[str]:
    """An estate where its road meets another: A路与B路交汇处海裕花园."""
    part, rng = hand.part, hand.rng
    if not (part["estate"] and part["road"].endswith(("路", "街", "道"))):
        return levels
    other = _some_road(hand, near=True)
    roads = [part["road"], other]
    if rng.random() < 0.5:
        roads.reverse()
    place = str(rng.choice(["交汇处", "交叉口", "路口"]))
    joined = str(rng.choice(["与", "和"])).join(roads)
    if rng.random() >= _NO_NUMBER and part["number"] and roads[0] == part["road"]:
        joined, place = f"{part['road']}{part['number']}号,近{other}", ","
    part["road"], part["number"], part["side"] = "", "", joined + place
    hand.readable = False
    return levels - {"road"}


def second_address(hand: "Hand", levels: set[str]) -> set[str]:
    """Two addresses of one place: 固戍一路168号,固戍二路12号海裕花园."""
    part, rng = hand.part, hand.rng
    if not (part["estate"] and part["road"] and part["number"]):
        return levels
    part["second"] = f",{_some_road(hand, near=True)}{int(rng.integers(1, 400))}号"
    hand.readable = False
    return levels | {"road", "estate"}


def _some_road(hand: "Hand", *, near: bool) -> str:
    """Another road of the community, or (``near`` not) of another, or one that nobody knows."""
    rng, parts = hand.rng, hand.library.parts
    for _ in range(20):
        other = parts.iloc[int(rng.integers(0, len(parts)))]
        if near:
            rows = hand.library.of_community(hand.part["community"])
            other = parts.iloc[int(rows[int(rng.integers(0, len(rows)))])]
        elif other["community"] == hand.part["community"]:
            continue
        road = str(other["road"])
        if rng.random() < _NOBODY_KNOWS:
            road = hand.some(2) + str(rng.choice(_ROADS))
            if road in hand.library.near:
                continue
        if road.endswith(("路", "街", "道", "巷")) and road != hand.part["road"]:
            return road
    return hand.some(2) + "路"
