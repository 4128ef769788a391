"""Degrade known addresses as people do, and mark whether the building can still be told.

The matcher is scored against this model, so the two know nothing of each other. A query is one
building written with some of its parts, in some hand:

====================  ===========================================================================
kind                  what is done
====================  ===========================================================================
full                  every level, as the register writes it
no_prefix             no province, city and district; perhaps no street or community either
no_road               estate and building only, with street or community
no_estate             road, number and building, without the estate's name
unit_words            栋 → 幢, 座, 号楼, #, or a bare hyphen (3-2-501)
numerals              Chinese numerals for buildings, units and rooms; digits within road names
script                full-width digits, traditional characters
sound                 one character of a road's or estate's name replaced by one that sounds alike
slip                  one character of a name of four or more replaced, dropped or doubled
short_estate          the estate without its kind: 海裕花园 → 海裕
old_division          镇 for 街道, 村 for 社区
remark                brackets, spaces, commas, words such as 附近 or 门口
ambiguous             too little is left: a number without a road, a name that several places bear
nonexistent           a number, a building, a road or an estate that the register does not have
====================  ===========================================================================

``determinable`` says whether exactly one building of the library fits the parts that are left, as
someone would read them who knows the whole library; a misspelt name counts as its original only if
no other name is as close. Rooms are written for about a third of the queries.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from blockdata.storage.bulk import read_frame

_QUERY = Path(__file__).resolve().parent / "queries" / "noise_library.sql"

KINDS = (
    "full", "no_prefix", "no_road", "no_estate", "unit_words", "numerals", "script", "sound",
    "slip", "short_estate", "old_division", "remark", "ambiguous", "nonexistent",
)  # fmt: skip
SHARES = (
    0.06, 0.10, 0.08, 0.05, 0.08, 0.06, 0.04, 0.06,
    0.05, 0.03, 0.03, 0.04, 0.24, 0.12,
)  # fmt: skip

COLUMNS = ("text", "kind", "address_id", "source_id", "determinable", "has_room")

_PREFIX = "广东省深圳市宝安区"
_HAN = "零一二三四五六七八九"
_TRADITIONAL = str.maketrans(
    "东华园区号楼栋单岗龙桥门宝乐广场业创兴荣庆", "東華園區號樓棟單崗龍橋門寶樂廣場業創興榮慶"
)
_WIDE = str.maketrans("0123456789", "0123456789")
_SUFFIXES = (
    "人才公寓",
    "员工宿舍",
    "商务中心",
    "国际中心",
    "商业大厦",
    "花园",
    "雅苑",
    "名苑",
    "华庭",
    "豪庭",
    "家园",
    "公馆",
    "雅居",
    "新居",
    "湾畔",
    "大厦",
    "广场",
    "工业园",
    "科技园",
    "工业区",
    "产业园",
    "创新园",
    "物流园",
)
_KEPT = frozenset("零一二三四五六七八九十百东南西北中上下新旧老大小前后左右路街道巷区坊村")
_REMARKS = ("(近公交站)", "附近", "门口", "(电话联系)", "对面", "楼下")


@dataclass
class Library:
    """The buildings of an area as parts, and how many buildings share each combination."""

    parts: pd.DataFrame
    counts: dict[frozenset[str], Counter[tuple[str, ...]]] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)

    def fitting(self, **known: str) -> int:
        """How many buildings have exactly these parts."""
        names = frozenset(known)
        columns = sorted(names)
        if names not in self.counts:
            rows = zip(*(self.parts[c] for c in columns), strict=True)
            self.counts[names] = Counter(rows)
        return self.counts[names][tuple(known[c] for c in columns)]


def read_library(connection: Connection, area_id: int) -> Library:
    """The buildings of an area from the database."""
    rows = read_frame(connection, _QUERY.read_text(encoding="utf-8"), area_id=area_id)
    return make_library(rows)


def make_library(rows: pd.DataFrame) -> Library:
    """Parts of each building: street, community, road, number, estate, block, room, unit.

    ``road`` is a road or a village, whichever the number belongs to; parts it lacks are empty.
    """
    blank = rows.fillna("")
    label, number = blank["label_zh"], blank["number_zh"]
    own = label.where(~label.str.endswith("栋"), number)
    split = own.str.extract(r"^(.*?)(\d+)号$").fillna("")
    village = (blank["estate_zh"] != "") & (split[0] == "") & (split[1] != "")
    parts = pd.DataFrame(
        {
            "address_id": rows["address_id"],
            "street": blank["street_zh"],
            "community": blank["community_zh"],
            "road": split[0].where(~village, blank["estate_zh"]),
            "number": split[1],
            "estate": blank["estate_zh"].where(~village, ""),
            "block": label.where(label.str.endswith("栋"), "").str.removesuffix("栋"),
            "room": blank["room_zh"].str.removesuffix("房"),
            "unit": blank["unit_zh"].str.removesuffix("单元"),
            "text": rows["text_zh"],
        }
    )
    # a single building's own name may stand after its number; it then counts as its estate
    alone = (blank["estate_zh"] == "") & (blank["name_zh"] != "") & (blank["name_zh"] != label)
    parts.loc[alone, "estate"] = blank.loc[alone, "name_zh"]
    library = Library(parts)
    for name in sorted({*parts["road"], *parts["estate"]} - {""}):
        for i in range(len(name)):
            library.near.setdefault(name[:i] + "?" + name[i + 1 :], set()).add(name)
            library.near.setdefault(name[:i] + name[i + 1 :], set()).add(name)
        library.near.setdefault(name, set()).add(name)
    return library


def degrade(library: Library, count: int, seed: int) -> pd.DataFrame:
    """``count`` queries.

    Columns: text, kind, address_id (-1: what is asked for does not exist), source_id (the building
    from which the query was made), determinable, has_room.
    """
    rng = np.random.default_rng(seed)
    kinds = rng.choice(len(KINDS), count, p=np.array(SHARES) / sum(SHARES))
    records = library.parts.to_dict("records")
    chosen = rng.integers(0, len(records), count)
    rows = []
    for kind_index, index in zip(kinds.tolist(), chosen.tolist(), strict=True):
        kind = KINDS[kind_index]
        rows.append(_Hand(library, dict(records[index]), rng).write(kind))
    return pd.DataFrame(rows, columns=list(COLUMNS))


@dataclass
class _Hand:
    """One query being written."""

    library: Library
    part: dict[str, str]
    rng: np.random.Generator
    exists: bool = True
    readable: bool = True
    remark: str = ""
    separator: str = ""

    def write(self, kind: str) -> tuple[str, str, int, int, bool, bool]:
        part = self.part
        address_id = int(part["address_id"])
        with_room = bool(part["room"]) and self.rng.random() < 0.35
        levels = {"street", "community", "road", "estate"}
        if kind not in ("full", "unit_words", "numerals", "script"):
            levels -= {name for name in ("street", "community") if self.rng.random() < 0.4}
        prefix = _PREFIX if self.rng.random() < 0.4 or kind == "full" else ""
        levels, with_room = self._apply(kind, levels, with_room)
        text = self._compose(kind, prefix, levels, with_room)
        known: dict[str, str] = {
            c: self._original[c] for c in ("street", "community") if c in levels
        }
        if "road" in levels and part["road"]:
            known |= {"road": self._original["road"], "number": self._original["number"]}
        if "estate" in levels and part["estate"]:
            known["estate"] = self._original["estate"]
        if self._original["block"] and not self._no_block:
            known["block"] = self._original["block"]
        determinable = (
            self.exists
            and self.readable
            and ("road" in known or "estate" in known)
            and self.library.fitting(**known) == 1
        )
        shown = address_id if self.exists else -1
        return text, kind, shown, address_id, determinable, with_room

    def _apply(self, kind: str, levels: set[str], with_room: bool) -> tuple[set[str], bool]:
        self._original = dict(self.part)
        self._no_block = False
        self._confirmed = False
        part, rng = self.part, self.rng
        if kind == "no_road" and part["estate"]:
            levels.discard("road")
        elif kind == "no_estate" and part["road"]:
            levels.discard("estate")
        elif kind == "short_estate":
            self._shorten()
        elif kind == "remark":
            self.remark = str(rng.choice(_REMARKS))
            self.separator = str(rng.choice(["", " ", ","]))
        elif kind in ("sound", "slip"):
            self._confirmed = "road" in levels
            self._misspell(kind)
        elif kind == "ambiguous":
            levels, with_room = self._starve(levels), False
        elif kind == "nonexistent":
            self._invent(levels)
        return levels, with_room

    def _shorten(self) -> None:
        name = self.part["estate"]
        for suffix in _SUFFIXES:
            if name.endswith(suffix) and len(name) - len(suffix) >= 2:
                self.part["estate"] = name[: -len(suffix)]
                # 海裕 may stand for 海裕花园 and for 海裕大厦
                others = {s + t for s in (self.part["estate"],) for t in _SUFFIXES} - {name}
                self.readable = not any(o in self.library.near for o in others)
                return

    def _misspell(self, kind: str) -> None:
        names = [
            c for c in ("road", "estate") if len(self.part[c]) >= (3 if kind == "sound" else 4)
        ]
        if not names:
            return
        column = str(self.rng.choice(names))
        name = self.part[column]
        places = [i for i, c in enumerate(name) if c not in _KEPT and "一" <= c <= "龥"]
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
            other = str(self.rng.choice(list(_common_characters())))
            wrong = name[:i] + (other, "", name[i] * 2)[how] + name[i + 1 :]
        self.part[column] = wrong
        # Words that are as close to another name, or a short name with nothing beside it to confirm
        # it, tell no reader which one is meant.
        confirmed = column == "road" or (self._confirmed and bool(self.part["number"]))
        self.readable = self._nearest(wrong) <= {name} and (
            confirmed or (kind == "sound" and len(name) >= 4)
        )

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
            self._no_block = True
        else:
            part["number"] = ""
            self.readable = False
            levels.discard("estate")
        return levels

    def _invent(self, levels: set[str]) -> None:
        """Something the register does not have."""
        part = self.part
        self.exists = False
        how = int(self.rng.integers(0, 4))
        if part["block"] and how <= 1:
            part["block"] = str(int(self.rng.integers(60, 99)))
        elif how == 2 or not part["road"]:
            column = "estate" if part["estate"] else "road"
            if column == "estate":
                levels.discard("road")
            part[column] = self._other_name(part[column], "花园" if column == "estate" else "路")
        elif part["number"]:
            part["number"] = str(int(self.rng.integers(3000, 9000)))
            levels.discard("estate")

    def _other_name(self, name: str, tail: str) -> str:
        """A name the register lacks: unlike all others, or close to one, as new ones often are."""
        rng = self.rng
        for _ in range(20):
            how = int(rng.integers(0, 4))
            characters = list(_common_characters())
            if how == 1:
                name = "".join(rng.choice(characters, int(rng.integers(1, 3)))) + name
            elif how == 2 and tail == "花园" and len(name) > 3:
                i = int(rng.integers(0, 2))
                name = name[:i] + str(rng.choice(characters)) + name[i + 1 :]
            elif how == 3 and tail == "花园" and len(name) > 3:
                name = name[:2] + str(rng.choice(_SUFFIXES))
            else:
                name = "".join(rng.choice(characters, 3)) + tail
            if name not in self.library.near:
                return name
        return _fresh_name(self.library, rng) + tail

    def _compose(self, kind: str, prefix: str, levels: set[str], with_room: bool) -> str:
        part, rng = self.part, self.rng
        out = [prefix]
        for level, old in (("street", ("街道", "镇")), ("community", ("社区", "村"))):
            if level in levels and part[level]:
                name = part[level]
                if kind == "old_division":
                    name = name.removesuffix(old[0]) + old[1]
                elif kind not in ("full", "script") and rng.random() < 0.3:
                    name = name.removesuffix(old[0])
                out.append(name)
        if "road" in levels and part["road"]:
            road = part["road"]
            if kind == "numerals":
                for i, c in enumerate(_HAN):
                    road = road.replace(c, str(i)) if "十" not in road else road
            out.append(road)
            if part["number"]:
                out.append(part["number"] + "号")
        if "estate" in levels and part["estate"]:
            out.append(part["estate"])
        body = self.separator.join(p for p in out if p) + self._inner(kind, with_room)
        if kind == "script":
            body = body.translate(_TRADITIONAL).translate(_WIDE)
        return body + self.remark

    def _inner(self, kind: str, with_room: bool) -> str:
        """Building, unit and room in the hand of this kind."""
        part, rng = self.part, self.rng
        block = "" if self._no_block else part["block"]
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


def _fresh_name(library: Library, rng: np.random.Generator) -> str:
    """A name unlike any in the library."""
    characters = list(_common_characters())
    while True:
        name = "".join(rng.choice(characters, 3))
        if not any(name + tail in library.near for tail in ("路", "花园")):
            return name


@cache
def _common_characters() -> str:
    """The 3,755 characters of GB 2312's first level."""
    return "".join(
        bytes([row, cell]).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if not (row == 0xD7 and cell > 0xF9)
    )


@cache
def homophones() -> dict[str, str]:
    """Common characters that sound like each, tones aside."""
    from pypinyin import Style, lazy_pinyin

    by_sound: dict[str, list[str]] = {}
    sounds = {c: lazy_pinyin(c, style=Style.NORMAL)[0] for c in _common_characters()}
    for c, sound in sounds.items():
        by_sound.setdefault(sound, []).append(c)
    kept = {
        c: "".join(o for o in by_sound[s] if o != c and o not in _KEPT) for c, s in sounds.items()
    }
    return {c: alike for c, alike in kept.items() if alike}
