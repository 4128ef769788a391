"""A small address library for tests: an estate with towers, lone houses, and two villages."""

from functools import cache

import pandas as pd

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_build import build_gazetteer

GUSHU = ("西乡街道", "固戍社区")
LIUTANG = ("西乡街道", "流塘社区")
_PREFIX = "广东省深圳市宝安区"


class _Rows:
    def __init__(self) -> None:
        self.nodes: list[dict[str, object]] = []
        self.rooms: list[dict[str, object]] = []
        self.count = 0

    def node(
        self, where: tuple[str, str], level: str, parent: int | None, text: str, name: str | None
    ) -> int:
        self.count += 1
        self.nodes.append(
            {
                "address_id": self.count,
                "level": level,
                "parent_id": parent,
                "code": f"4403060020010{self.count:06d}",
                "text_zh": _PREFIX + "".join(where) + text,
                "name_zh": name,
                "lon": 113.85 + self.count * 1e-4,
                "lat": 22.6,
                "grid_code": "44030600200101",
                "community_zh": where[1],
                "street_zh": where[0],
            }
        )
        return self.count

    def room(self, level: str, parent: int, label: str) -> int:
        self.count += 1
        self.rooms.append(
            {
                "address_id": self.count,
                "level": level,
                "parent_id": parent,
                "label_zh": label,
            }
        )
        return self.count


@cache
def small_library() -> Gazetteer:
    """海裕花园 (13 towers of two units) at 固戍一路168号, houses, 固戍东区, and a second 翠景苑."""
    rows = _Rows()
    number = rows.node(GUSHU, "number", None, "固戍一路168号", None)
    estate = rows.node(GUSHU, "estate", number, "固戍一路168号海裕花园", "海裕花园")
    for block in range(1, 14):
        text = f"固戍一路168号海裕花园{block}栋"
        tower = rows.node(GUSHU, "building", estate, text, f"海裕花园{block}栋")
        for unit in (1, 2):
            gate = rows.room("unit", tower, f"{unit}单元")
            for floor in range(1, 7):
                rows.room("room", gate, f"{floor}01房")
    for house in (12, 16, 116, 170, 172, 177):
        lone = rows.node(GUSHU, "building", None, f"固戍一路{house}号", f"固戍一路{house}号")
        rows.room("room", lone, "301房")
    village = rows.node(GUSHU, "estate", None, "固戍东区", "固戍东区")
    for house in range(170, 190):
        rows.node(GUSHU, "building", village, f"固戍东区{house}号", f"固戍东区{house}号")
    for where, road in ((GUSHU, "固戍二路8号"), (LIUTANG, "流塘路9号")):
        number = rows.node(where, "number", None, road, None)
        estate = rows.node(where, "estate", number, road + "翠景苑", "翠景苑")
        for block in (1, 2):
            rows.node(where, "building", estate, f"{road}翠景苑{block}栋", f"翠景苑{block}栋")
    return build_gazetteer(pd.DataFrame(rows.nodes), pd.DataFrame(rows.rooms))
