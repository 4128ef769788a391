"""Made-up insides of office towers and works: buildings, floors, rooms, alone and listed."""

from blockdata.address.parsing import words as w
from blockdata.address.parsing.generate_doors import DoorMaker
from blockdata.address.parsing.generate_places import Piece


class StoreyMaker(DoorMaker):
    """Draws what stands inside a place, as firms write it."""

    def storey(self, out: list[Piece], building: float = 0.25, *, letters: bool = False) -> None:
        """Building, its part and side, floor, side, area, room: each now and then."""
        r = self.r
        has_building = self.chance(building)
        if has_building:
            self.block(out, letters=letters)
        if self.chance(0.62):
            if letters and not has_building and self.chance(0.02):
                out.append((r.choice("ABCD"), "building"))
            out.append((self.storeys(), "floor"))
            if self.chance(0.015):
                self.put(out, "remark", ("整层", "整层", "全层", "整套", "部分", "半层"))
            if self.chance(0.1):
                self.put(out, "landmark", w.SIDES)
            if self.chance(0.09):
                area = r.choice("ABCDEF12345东西南北") + "区"
                if self.chance(0.12):
                    area = "、".join(c + "区" for c in "ABCDEF"[: r.randint(2, 4)])
                out.append((area, "subpoi"))
            elif self.chance(0.03):
                self.put(out, "subpoi", ("商铺", "厂房", "门店", "大厅", "仓库", "车间", "办公区"))
            if self.chance(0.5):
                self.flat(out)
        elif self.chance(0.75):
            self.flat(out)
        if self.chance(0.025) and out[-1][1] in ("floor", "room", "landmark", "building"):
            self.put(out, "remark", ("及", "及", "、", "和", "以及"))
            self.block(out, letters=letters)
            if self.chance(0.6):
                out.append((self.storeys(), "floor"))

    def block(self, out: list[Piece], *, letters: bool) -> None:
        """A building, what kind of house it is, its unit, its side."""
        r = self.r
        if letters and self.chance(0.6):
            out.append(
                (r.choice("AABBCDEF") + r.choice(["座", "座", "座", "栋", "栋", "塔"]), "building")
            )
        elif self.chance(0.09):
            house = r.choice(["号厂房", "号厂房", "厂房", "号宿舍", "号仓", "号楼", "号仓库"])
            n = r.choice("ABC") + str(self.small()) if self.chance(0.3) else str(self.small())
            out.append(((r.choice("一二三四") if self.chance(0.2) else n) + house, "building"))
        elif self.chance(0.06):
            out.append((f"{self.small()}#", "building"))
            self.put(out, "subpoi", ("厂房", "厂房", "厂房", "宿舍", "楼房", "办公楼"))
        else:
            out.append((self.building(), "building"))
            if self.chance(0.1) and out[-1][0].endswith(("栋", "幢", "座")):
                self.put(out, "subpoi", w.BUILDING_PARTS)
            elif self.chance(0.06):
                out.append((r.choice("ABCD") + r.choice(["座", "座", "单元"]), "unit"))
        if self.chance(0.07):
            self.put(out, "landmark", w.SIDES)

    def storeys(self) -> str:
        """A floor, or several."""
        r = self.r
        if not self.chance(0.14):
            return self.floor()
        low = r.randint(1, 9)
        han = "一二三四五六七八九十"
        return self.one_of(
            (3, lambda: f"{low}-{low + r.randint(1, 9)}{r.choice('楼层')}"),
            (2, lambda: f"{low}至{low + r.randint(1, 9)}{r.choice('楼层')}"),
            (1.5, lambda: f"{han[low - 1]}至{han[low]}{r.choice('楼层')}"),
            (2, lambda: "、".join(han[low - 1 : low + r.randint(1, 3)]) + r.choice("楼层")),
            (1, lambda: f"{low}、{low + r.randint(1, 9)}{r.choice('楼层')}"),
            (1, lambda: f"第{han[low - 1]}{r.choice('楼层')}"),
            (0.7, lambda: f"第{han[low - 1]}、{han[low]}{r.choice('楼层')}"),
            (0.7, lambda: f"{low}楼、{low + 1}楼"),
            (0.5, lambda: f"{han[low - 1]}楼及{han[low]}楼"),
            (0.5, lambda: f"{low}楼{low + 1}楼"),
        )

    def flat(self, out: list[Piece]) -> None:
        """A room as offices and flats write it."""
        r = self.r
        n = f"{r.randint(1, 40)}{r.randint(1, 20):02d}"
        storey, letter = r.randint(1, 40), r.choice("ABCDEFGHJK")
        text = self.one_of(
            (5, lambda: n),
            (3, lambda: n + r.choice(["室", "室", "房", "号", "单元", "号房"])),
            (2.2, lambda: f"{storey}{letter}" + r.choice(["", "", "", "室", "房", "号"])),
            (1, lambda: f"{letter}{n}" + r.choice(["", "室", "房"])),
            (0.6, lambda: f"{letter}{r.randint(1, 30)}" + r.choice(["", "室", "号", "房"])),
            (0.3, lambda: r.choice([n, f"{storey}{letter}"]) + "#"),
            (0.5, lambda: f"{letter}" + r.choice(["室", "座", "房", "", "单元"])),
            (
                0.5,
                lambda: f"{r.randint(1, 400)}号" + r.choice(["", "", "铺", "铺位", "商铺", "档"]),
            ),
            (0.5, lambda: f"{n}{r.choice('ABC')}" + r.choice(["", "室", "房"])),
            (
                0.5,
                lambda: (
                    f"{n}-{int(n) + r.randint(1, 9)}" + r.choice(["", "室", "号", "房", "单元"])
                ),
            ),
            (0.4, lambda: f"{n}-{r.randint(1, 20)}" + r.choice(["", "室", "号"])),
            (0.4, lambda: f"{letter}{n}-{r.randint(1, 90)}" + r.choice(["", "室", "号"])),
            (0.3, lambda: f"{storey}{letter}{r.randint(1, 12):02d}"),
            (0.3, lambda: f"{storey}{letter}{r.choice('ABCDEFGHJK')}"),
            (0.3, lambda: f"{storey}{letter}{r.choice('.、,')}{storey}{r.choice('ABCDEFGHJK')}"),
            (0.3, lambda: f"{n}、{int(n) + 1}" + r.choice(["", "室", "号", "房"])),
            (0.2, lambda: f"{letter}{r.randint(1, 30)}.{letter}{r.randint(1, 30)}"),
            (0.2, lambda: f"{n}-{letter}、{n}-{r.choice('ABCD')}"),
            (0.2, lambda: f"{letter}{n}-{letter}{n}号"),
            (0.3, lambda: f"{n}{r.choice(['房之一', '之二', '室之3', '号-1', '-A'])}"),
            (0.2, lambda: f"{storey}-{letter}"),
            (0.2, lambda: f"{letter}-{r.randint(1, 30)}" + r.choice(["", "号", "室"])),
            (0.2, lambda: f"{r.randint(1, 9)}{letter}{n}"),
        )
        if out and out[-1][1] in ("building", "subpoi", "landmark") and self.chance(0.05):
            self.put(out, "remark", ("-", "-", "—", "/"))
        out.append((text, "room"))
        if self.chance(0.03):
            out.append((f"({n})", "remark"))
