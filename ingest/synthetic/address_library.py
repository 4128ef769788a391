"""The buildings of an area as parts of addresses: what degraded addresses are made from."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from blockdata.storage.bulk import read_frame

# what names of estates and buildings end in
SUFFIXES = (
    "人才公寓", "员工宿舍", "商务中心", "国际中心", "商业大厦", "花园", "雅苑", "名苑", "华庭",
    "豪庭", "家园", "公馆", "雅居", "新居", "湾畔", "大厦", "广场", "工业园", "科技园", "工业区",
    "产业园", "创新园", "物流园",
)  # fmt: skip
_QUERY = Path(__file__).resolve().parent / "queries" / "noise_library.sql"


@dataclass
class Library:
    """The buildings of an area as parts, and how many buildings share each combination."""

    parts: pd.DataFrame
    counts: dict[frozenset[str], Counter[tuple[str, ...]]] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def of_community(self, name: str) -> list[int]:
        """Positions of a community's buildings in ``parts``."""
        if not self.rows:
            for row, community in enumerate(self.parts["community"]):
                self.rows.setdefault(community, []).append(row)
        return self.rows[name]

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
