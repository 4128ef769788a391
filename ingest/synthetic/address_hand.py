"""One degraded address being written: see :mod:`ingest.synthetic.address_noise`."""

from dataclasses import dataclass, field

import numpy as np

from ingest.synthetic import address_noise_places as places
from ingest.synthetic import address_noise_surroundings as surroundings
from ingest.synthetic.address_characters import KEPT, common_characters, homophones
from ingest.synthetic.address_library import SUFFIXES, Library
from ingest.synthetic.address_noise_inventions import invent

_PREFIX = "广东省深圳市宝安区"
_OLD_PREFIXES = ("广东省深圳市宝安县", "深圳市宝安县", "宝安县")
_OTHER_DISTRICTS = ("福田区", "罗湖区", "南山区", "盐田区", "龙岗区", "龙华区", "坪山区", "光明区")
_HAN = "零一二三四五六七八九"
_TRADITIONAL = str.maketrans(
    "东华园区号楼栋单岗龙桥门宝乐广场业创兴荣庆", "東華園區號樓棟單崗龍橋門寶樂廣場業創興榮慶"
)
_WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_REMARKS = (
    "(近公交站)", "附近", "门口", "(电话联系)", "对面", "楼下", "附近有人打架",
    "对面起火", "旁边有人摔倒",
)  # fmt: skip
# parts and facilities that the owners of an estate share
_FACILITIES = (
    "停车场", "地下停车场", "地下车库", "车库", "东门", "南门", "西门", "北门", "出入口", "大堂",
    "楼梯口", "电梯口", "天台", "岗亭", "游泳池", "篮球场", "垃圾站", "充电桩",
)  # fmt: skip
_GATE_NUMBERS = 400  # another gate's number is drawn below this
_MISTAKES = 0.25  # of bare names with another district in front: the writer was wrong
_NAMESAKES = 1 / 3  # of estates at an unknown number: another estate of that name
_NO_ROAD = 0.5  # of short names: no road and number
_OWN_ROAD = 0.5  # of an estate's other gates: at the road that the register has for it
_PLACES = {
    "landmark": places.beside_landmark,
    "strange_name": places.strange_name,
    "longer_name": places.longer_name,
    "part": places.part_of,
    "other_division": places.other_division,
    "conflict": places.conflict,
    "namesake": places.namesake,
    "side_road": surroundings.side_road,
    "corner": surroundings.at_corner,
    "second_address": surroundings.second_address,
}


@dataclass
class Hand:
    """One query being written from the parts of one building."""

    library: Library
    part: dict[str, str]
    rng: np.random.Generator
    exists: bool = True
    elsewhere: bool = False
    readable: bool = True
    remark: str = ""
    area: str = ""  # a quarter, before the road
    landmark: str = ""  # what stands before the road
    separator: str = ""
    prefix: str = ""
    no_block: bool = False
    looks_like: str = ""  # the kind that the text shows, where that is another one
    original: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.original = dict(self.part)

    def write(self, kind: str) -> tuple[str, str, int, int, bool, bool, bool]:
        """The query as a row of ``COLUMNS``."""
        with_room = bool(self.part["room"]) and self.rng.random() < 0.35
        levels = {"street", "community", "road", "estate"}
        if kind not in ("full", "unit_words", "numerals", "script"):
            levels -= {name for name in ("street", "community") if self.rng.random() < 0.4}
        self.prefix = _PREFIX if self.rng.random() < 0.4 or kind == "full" else ""
        levels, with_room = self._apply(kind, levels, with_room)
        levels = surroundings.in_quarter(self, kind, levels)
        text = self._compose(kind, levels, with_room)
        determinable = self.exists and self.readable and self._is_one(levels)
        address_id = int(self.original["address_id"])
        shown = address_id if self.exists else -1
        kind = self.looks_like or kind
        return text, kind, shown, address_id, determinable, with_room, self.elsewhere

    def _is_one(self, levels: set[str]) -> bool:
        """Exactly one building has the parts that are left."""
        known: dict[str, str] = {
            c: self.original[c] for c in ("street", "community") if c in levels
        }
        if "road" in levels and self.part["road"]:
            known |= {"road": self.original["road"], "number": self.original["number"]}
        if "estate" in levels and self.part["estate"]:
            known["estate"] = self.original["estate"]
        if self.original["block"] and not self.no_block:
            known["block"] = self.original["block"]
        named = "road" in known or "estate" in known
        return named and self.library.fitting(**known) == 1

    def _apply(self, kind: str, levels: set[str], with_room: bool) -> tuple[set[str], bool]:
        part, rng = self.part, self.rng
        if kind == "no_road" and part["estate"]:
            levels.discard("road")
        elif kind == "no_estate" and part["road"]:
            levels.discard("estate")
        elif kind == "short_estate":
            self.shorten()
            if part["estate"] and rng.random() < _NO_ROAD:
                levels.discard("road")
        elif kind == "old_district":
            self.prefix = str(rng.choice(_OLD_PREFIXES))
        elif kind == "other_district":
            self._other_district(levels)
        elif kind == "other_gate":
            self._other_gate(levels)
        elif kind in ("remark", "facility"):
            self.remark = str(rng.choice(_REMARKS if kind == "remark" else _FACILITIES))
            self.separator = str(rng.choice(["", " ", ","])) if kind == "remark" else ""
            with_room &= kind == "remark"
        elif kind in ("sound", "slip"):
            self._misspell(kind, levels)
        elif kind == "ambiguous":
            levels, with_room = self._starve(levels), False
        elif kind == "nonexistent":
            invent(self, levels)
        elif kind in _PLACES:
            levels, with_room = _PLACES[kind](self, levels), False
        return levels, with_room

    def shorten(self) -> None:
        """The estate without its kind."""
        name = self.part["estate"]
        for suffix in SUFFIXES:
            if name.endswith(suffix) and len(name) - len(suffix) >= 2:
                self.part["estate"] = name[: -len(suffix)]
                # 海裕 may stand for 海裕花园 and for 海裕大厦
                others = {s + t for s in (self.part["estate"],) for t in SUFFIXES} - {name}
                self.readable = not any(o in self.library.near for o in others)
                return

    def _other_district(self, levels: set[str]) -> None:
        """Another district in front: a mistake, or the road or estate of that name there."""
        part, rng = self.part, self.rng
        self.prefix = "深圳市"[: 3 * int(rng.integers(0, 2))] + str(rng.choice(_OTHER_DISTRICTS))
        if part["estate"] and rng.random() < 0.5:
            levels.discard("road")
        if not part["estate"] and rng.random() < 0.5:
            levels -= {"street", "community"}
        beside = levels & ({"street", "community", "estate"} if part["estate"] else {"community"})
        if "road" in levels and part["number"] and beside:
            return
        self.readable = False
        if rng.random() >= _MISTAKES:
            self.exists, self.elsewhere = False, True
            levels -= {"street", "community"}

    def _other_gate(self, levels: set[str]) -> None:
        """The estate at a road and number that the register does not have for it, nor for any."""
        part, rng, parts = self.part, self.rng, self.library.parts
        if not part["estate"]:
            return
        namesake = rng.random() < _NAMESAKES
        for _ in range(50):
            other = parts.iloc[int(rng.integers(0, len(parts)))]
            number = str(int(rng.integers(1, _GATE_NUMBERS)))
            near = other["community"] == part["community"]
            if (
                other["road"]
                and near != namesake
                and not self.library.fitting(road=other["road"], number=number)
            ):
                break
        else:
            return
        self.readable = False
        levels.add("road")
        own_road = part["road"] if not namesake and rng.random() < _OWN_ROAD else ""
        if own_road and not self.library.fitting(road=own_road, number=number):
            part["number"] = number
            return
        part["road"], part["number"] = other["road"], number
        if namesake:
            self.exists, self.elsewhere = False, True
            part["street"], part["community"] = other["street"], other["community"]

    def _misspell(self, kind: str, levels: set[str]) -> None:
        least = 3 if kind == "sound" else 4
        names = [c for c in ("road", "estate") if len(self.part[c]) >= least]
        if not names:
            return
        column = str(self.rng.choice(names))
        name = self.part[column]
        places = [i for i, c in enumerate(name) if c not in KEPT and "一" <= c <= "龥"]
        if not places:
            return
        i = int(self.rng.choice(places))
        if kind == "sound":
            alike = homophones().get(name[i], "")
            if not alike:
                return
            wrong = name[:i] + str(self.rng.choice(list(alike))) + name[i + 1 :]
        else:
            how = int(self.rng.integers(0, 3))
            other = str(self.rng.choice(list(common_characters())))
            wrong = name[:i] + (other, "", name[i] * 2)[how] + name[i + 1 :]
        self.part[column] = wrong
        self.readable = self._nearest(wrong) <= {name} and self._confirmed(kind, column, levels)

    def _confirmed(self, kind: str, column: str, levels: set[str]) -> bool:
        """Something beside the misspelt name says that it is meant, as new names look alike too."""
        part = self.part
        if column == "road":
            beside = bool(part["estate"]) and "estate" in levels
            return bool(part["number"]) and (kind == "sound" or beside)
        return bool(part["number"]) or (kind == "sound" and len(part["estate"]) >= 4)

    def _nearest(self, wrong: str) -> set[str]:
        near = self.library.near
        found = set(near.get(wrong, ()))
        for i in range(len(wrong)):
            found |= near.get(wrong[:i] + "?" + wrong[i + 1 :], set())
            found |= near.get(wrong[:i] + wrong[i + 1 :], set())
        return found

    def _starve(self, levels: set[str]) -> set[str]:
        """Leave too little: no number, no building, no name, or a name that several places bear."""
        part = self.part
        how = int(self.rng.integers(0, 4))
        if how == 0:
            levels -= {"street", "community"}
            if part["estate"]:
                levels.discard("road")
        elif how == 1:
            levels -= {"road", "estate"}
        elif part["block"]:
            self.no_block = True
        else:
            part["number"] = ""
            self.readable = False
            levels.discard("estate")
        return levels

    def some(self, count: int) -> str:
        """Common characters."""
        return "".join(self.rng.choice(list(common_characters()), count))

    def _compose(self, kind: str, levels: set[str], with_room: bool) -> str:
        part, rng = self.part, self.rng
        out = [self.prefix]
        for level, old in (("street", ("街道", "镇")), ("community", ("社区", "村"))):
            if level in levels and part[level]:
                name = part[level]
                if kind == "old_division":
                    name = name.removesuffix(old[0]) + old[1]
                elif kind not in ("full", "script") and rng.random() < 0.3:
                    name = name.removesuffix(old[0])
                out.append(name)
        out += [self.area, self.landmark, part.get("side", "")]
        if "road" in levels and part["road"]:
            road = part["road"]
            if kind == "numerals":
                for i, c in enumerate(_HAN):
                    road = road.replace(c, str(i)) if "十" not in road else road
            out.append(road)
            if part["number"]:
                out.append(part["number"] + "号" + part.get("second", ""))
        if "estate" in levels and part["estate"]:
            out.append(part["estate"])
        body = self.separator.join(p for p in out if p) + self._inner(kind, with_room)
        if kind == "script":
            body = body.translate(_TRADITIONAL).translate(_WIDE)
        return body + self.remark

    def _inner(self, kind: str, with_room: bool) -> str:
        """Building, unit and room in the hand of this kind."""
        part, rng = self.part, self.rng
        block = "" if self.no_block else part["block"]
        unit, room = (part["unit"], part["room"]) if with_room else ("", "")
        if kind == "unit_words":
            if block and room and rng.random() < 0.4:
                return "-".join(p for p in (block, unit, room) if p)
            word = str(rng.choice(["幢", "座", "号楼", "#"]))
            tail = str(rng.choice(["室", "", "号房"])) if room else ""
            return (block and block + word) + (unit and unit + "单元") + room + tail
        if kind == "numerals":
            block, unit = (_chinese(v) for v in (block, unit))
            room = "".join(_HAN[int(c)] for c in room)
        return (block and block + "栋") + (unit and unit + "单元") + (room and room + "房")


def _chinese(number: str) -> str:
    if not number or not number.isdigit() or int(number) > 99:
        return number
    tens, ones = divmod(int(number), 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _HAN[tens] + "十")
    return head + (_HAN[ones] if ones or not tens else "")
