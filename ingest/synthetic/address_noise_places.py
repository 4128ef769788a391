"""Degraded addresses that name another place beside the one meant, or one that nobody knows.

Each function changes the parts of one query in a :class:`~ingest.synthetic.address_hand.Hand` and
returns the levels that are written; shares are round numbers of ours.
"""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from ingest.synthetic.address_hand import Hand

_BESIDE = ("附近", "旁", "旁边", "对面", "斜对面", "隔壁")
# common words that stand before the names of estates and buildings, or take a name's place in them
_WORDS = (
    "东方", "中央", "国际", "阳光", "世纪", "锦绣", "盛世", "滨海", "御景", "时代", "城市", "首府",
    "新", "金", "大", "北", "南",
)  # fmt: skip
_TENANTS = (
    "科技有限公司", "贸易有限公司", "便利店", "餐厅", "诊所", "美发店", "五金店", "快递点",
    "药店",
)  # fmt: skip
_PLACES = (
    "花园", "大厦", "大院", "住宅区", "综合楼", "商城", "小区", "大楼", "广场", "公寓",
    "新村", "苑", "体育馆", "活动中心", "商务中心",
)  # fmt: skip
# what is said of a part of an estate, or added to its name
_PARTS = (
    "一期", "二期", "三期", "东区", "西区", "南区", "北区", "东", "西", "南", "北", "小区", "公寓",
    "名苑", "住宅", "写字楼", "商铺", "裙楼", "别墅区", "商业街",
)  # fmt: skip
_PART_ELSEWHERE = 0.05  # of names with such a word behind: another place
_UNKNOWN_BESIDE = 0.2  # of places beside a landmark: nobody knows the place
_NO_ROAD = 0.5  # of places that have an estate's name: it alone is written
_TENANT = 0.5  # of strange names at a number: those of firms and shops
_ROAD_ELSEWHERE = 0.25  # of strange places at a number: another road of that name
_OWN_NUMBER = 0.25  # of longer names: at the number of the shorter one, and the same place
_OTHER_ROAD = 0.25  # of longer names: at some other road


_SHORT_NAMESAKE = 0.25  # of names of places elsewhere: in their short form


def beside_landmark(hand: "Hand", levels: set[str]) -> set[str]:
    """A附近B, B(A旁) or B,A对面: B is meant; A is another building of the community."""
    part, rng = hand.part, hand.rng
    other = _neighbour(hand)
    if other is None:
        return levels
    number = f"{other['road']}{other['number']}号"
    landmark = number
    if other["estate"]:
        landmark = str(rng.choice([number, other["estate"], number + other["estate"]]))
    landmark += str(rng.choice(_BESIDE))
    if rng.random() < _UNKNOWN_BESIDE:
        hand.exists = False
        hand.no_block = True
        hand.landmark, hand.remark = landmark, _strange(hand, _PLACES)
        hand.original = {str(k): str(v) for k, v in other.items()}
        return levels - {"road", "estate"}
    if part["estate"] and rng.random() < _NO_ROAD:
        levels.discard("road")
    how = int(rng.integers(0, 4))
    if how <= 1:
        hand.landmark = landmark
    elif how == 2 or "estate" not in levels or not part["estate"]:
        hand.remark = f"({landmark})"
    else:
        hand.remark = "," + landmark
    return levels


def strange_name(hand: "Hand", levels: set[str]) -> set[str]:
    """A known number with a name that the register lacks.

    Firms and shops say nothing against the number. A place that nobody knows there may mean that
    the road is another of its name, unless the street or community is named.
    """
    part, rng = hand.part, hand.rng
    if not (part["road"] and part["number"]):
        return levels
    hand.no_block = bool(part["block"])
    if rng.random() < _TENANT:
        hand.remark = _strange(hand, _TENANTS)
        return levels - {"estate"}
    hand.remark = _strange(hand, _PLACES)
    if not levels & {"street", "community"}:
        hand.readable = False
        if rng.random() < _ROAD_ELSEWHERE:
            hand.exists, hand.elsewhere = False, True
    return levels - {"estate"}


def longer_name(hand: "Hand", levels: set[str]) -> set[str]:
    """A name that contains a known one: 东方海裕花园, or two estates' names in one."""
    part, rng, parts = hand.part, hand.rng, hand.library.parts
    name = part["estate"]
    if not name:
        return levels
    for _ in range(20):
        word = str(rng.choice(_WORDS))
        if rng.random() < 0.5:
            head = str(parts["estate"].iloc[int(rng.integers(0, len(parts)))])
            word = (head[:2] if len(head) > 3 else "") or word
        if word + name not in hand.library.near:
            break
    part["estate"] = word + name
    hand.no_block = rng.random() < 0.5
    where = rng.random()
    if where < _OWN_NUMBER:
        levels.add("road")
        hand.readable = False
        return levels
    hand.exists, hand.elsewhere = False, True
    levels.discard("road")
    if where < _OWN_NUMBER + _OTHER_ROAD:
        other = _neighbour(hand)
        if other is not None:
            part["road"], part["number"] = other["road"], str(int(rng.integers(3000, 9000)))
            levels.add("road")
    return levels


def part_of(hand: "Hand", levels: set[str]) -> set[str]:
    """A known name with a word behind that tells a part of it; now and then it is another place."""
    part, rng = hand.part, hand.rng
    if not part["estate"]:
        return levels
    if rng.random() < _NO_ROAD:
        levels.discard("road")
    part["estate"] += str(rng.choice(["", "", "-"])) + str(rng.choice(_PARTS))
    hand.no_block, hand.readable = True, False
    if "road" not in levels and rng.random() < _PART_ELSEWHERE:
        hand.exists, hand.elsewhere = False, True
    return levels


def other_division(hand: "Hand", levels: set[str]) -> set[str]:
    """Another street and community than the road's: a mistake, or a road of that name there.

    Where the estate is named as well, it is a mistake.
    """
    part, rng, parts = hand.part, hand.rng, hand.library.parts
    other = parts.iloc[int(rng.integers(0, len(parts)))]
    if other["community"] == part["community"]:
        return levels
    part["street"], part["community"] = other["street"], other["community"]
    hand.readable = False
    if not (part["estate"] and "estate" in levels) and rng.random() < 0.5:
        hand.exists, hand.elsewhere = False, True
    return levels | {"community", "road"}


def conflict(hand: "Hand", levels: set[str]) -> set[str]:
    """One building's number with another's name: either may be meant."""
    part, rng = hand.part, hand.rng
    other = _neighbour(hand)
    if other is None or not part["estate"]:
        return levels
    part["road"], part["number"] = other["road"], other["number"]
    hand.no_block, hand.readable = True, False
    if rng.random() < 0.5:
        hand.original = {str(k): str(v) for k, v in other.items()}
    return levels | {"road", "estate"}


def namesake(hand: "Hand", levels: set[str]) -> set[str]:
    """A known name, with nothing beside it, of a place in another part of the city."""
    if not hand.part["estate"]:
        return levels
    hand.exists, hand.elsewhere, hand.looks_like = False, True, "no_road"
    if hand.rng.random() < _SHORT_NAMESAKE:
        hand.shorten()
        hand.looks_like = "short_estate"
    return levels - {"street", "community", "road"}


def _neighbour(hand: "Hand") -> "pd.Series[str] | None":
    """Another building of the community, with a number and of another estate."""
    part, rng, library = hand.part, hand.rng, hand.library
    rows = library.of_community(part["community"])
    for _ in range(20):
        other = library.parts.iloc[int(rows[int(rng.integers(0, len(rows)))])]
        same = other["road"] == part["road"] and other["number"] == part["number"]
        if other["number"] and not same and (other["estate"] or "-") != part["estate"]:
            return other
    return None


def _strange(hand: "Hand", kinds: tuple[str, ...]) -> str:
    """A name that the register lacks, and none like it."""
    while True:
        name = hand.some(2) + str(hand.rng.choice(kinds))
        if name not in hand.library.near:
            return name
