"""Made-up numbers: doors, buildings, units, floors, rooms, alone, listed and as ranges."""

from collections.abc import Callable

from blockdata.address.parsing.generate_names import NameMaker


class NumberMaker(NameMaker):
    """Draws names and numbers."""

    def small(self) -> int:
        return min(99, 1 + int(self.r.expovariate(0.12)))

    def door(self) -> str:
        r = self.r
        n = self.one_of(
            (5, lambda: str(r.randint(1, 300))), (3, lambda: str(r.randint(1, 2000))),
            (0.5, lambda: str(r.randint(1000, 9999))), (0.8, lambda: str(self.small())),
        )  # fmt: skip
        return self.one_of(
            (74, lambda: n + "号"),
            (10, lambda: n),
            (6, lambda: f"{n}-{r.randint(1, 400)}" + "号" * self.chance(0.8)),
            (1, lambda: f"{n}号附{r.randint(1, 20)}号"),
            (1, lambda: f"{n}号-{r.randint(1, 20)}"),
            (2, lambda: r.choice("一二三四五六七八九") + "号"),
            (2, lambda: n + r.choice("ABC") + "号"),
            (1.5, lambda: f"{n}、{r.randint(1, 400)}号"),
            (0.5, lambda: self.listed(lambda: str(r.randint(1, 400)), 5) + "号"),
            (2.5, lambda: r.choice(["甲", "乙", "东", "附", "新"]) + n + "号"),
        )

    def listed(self, one: Callable[[], str], most: int = 4) -> str:
        """Several of a kind: 2、3; A.B.C; 5-8; 一至三."""
        mark = self.r.choice(["、"] * 6 + ["-", "-", "-", "至", "至", ".", "~", "和"])
        n = 2 if mark in "-至~和" else self.r.randint(2, most)
        return mark.join(one() for _ in range(n))

    def building(self) -> str:
        r = self.r
        n = self.one_of(
            (8, lambda: str(self.small())), (1.2, lambda: str(r.randint(50, 250))),
            (1.6, lambda: r.choice("ABCDEFG")),
            (0.7, lambda: r.choice("ABCDE") + str(r.randint(1, 20))),
            (0.9, lambda: r.choice("一二三四五六七八九十")),
            (0.2, lambda: self.listed(lambda: str(self.small()))),
            (0.1, lambda: self.listed(lambda: r.choice("ABCDEF"), 3)),
            (0.08, lambda: "A1、A2" if self.chance(0.5) else "A1、A2、A3"),
        )  # fmt: skip
        if self.chance(0.02):
            n = "第" + n
        if self.chance(0.012):
            return n + r.choice(["号厂房", "号仓", "号仓库", "塔", "号宿舍"])
        return n + r.choice(
            ["栋"] * 6 + ["幢"] * 5 + ["号楼"] * 5 + ["座"] * 4 + ["#", "#楼", "栋楼", "号"]
        )

    def unit(self) -> str:
        r = self.r
        return self.one_of(
            (9, lambda: f"{r.randint(1, 9)}单元"), (2, lambda: f"{r.choice('一二三四五六')}单元"),
            (1, lambda: f"{r.randint(10, 20)}单元"), (0.5, lambda: f"{r.choice('甲乙丙ABCD')}单元"),
            (0.6, lambda: f"{r.randint(1, 12)}{r.choice(['梯', '门', '座', '号', '单'])}"),
            (0.4, lambda: f"{r.choice('ABCD')}座"),
        )  # fmt: skip

    def floor(self) -> str:
        r = self.r
        if self.chance(0.08):
            return r.choice(["首层", "首层", "底层", "顶层", "地下", "地下室", "架空层", "夹层"])
        n = self.one_of(
            (5, lambda: str(r.randint(1, 9))), (3, lambda: str(r.randint(10, 99))),
            (4, lambda: r.choice("一二三四五六七八九十")),
            (0.4, lambda: f"{r.randint(1, 5)}-{r.randint(6, 12)}"),
            (0.25, lambda: f"{r.randint(10, 20)}-{r.randint(20, 40)}"),
            (0.3, lambda: r.choice(["负一", "B1", "-1", "首", "顶", "底", "地下一"])),
            (0.25, lambda: self.listed(lambda: str(r.randint(1, 9)))),
            (0.25, lambda: self.listed(lambda: r.choice("一二三四五六七八九"))),
        )  # fmt: skip
        return n + r.choice(["楼"] * 7 + ["层"] * 5 + (["F"] if n.isdigit() else ["层"]))

    def room(self) -> str:
        r = self.r
        plain = str(r.randint(1, 33)) + f"{r.randint(1, 12):02d}"
        if self.chance(0.05):
            near = str(int(plain) + r.randint(1, 8))
            mark = r.choice(["-", "-", "、", "至", "、"])
            tail = r.choice(["室", "室", "", "房", "单元", "号"])
            return r.choice(["", "", "", "A", "B"]) + plain + mark + near + tail
        if self.chance(0.02):
            return self.listed(
                (lambda: str(r.randint(1, 33)) + f"{r.randint(1, 12):02d}")
                if self.chance(0.7)
                else (lambda: str(r.randint(1, 40))),
                5,
            ) + r.choice(["室", "", "房", "号"])
        if self.chance(0.015):
            return plain + r.choice(["之一", "之二", "-1", "-2", "-3", "号-1", "房之3"])
        n = self.one_of(
            (7, lambda: plain), (3, lambda: str(r.randint(100, 3999))),
            (1.3, lambda: f"{r.randint(1, 30)}{r.choice('ABCDEFGHJKL')}"),
            (1.3, lambda: f"{r.choice('ABCDEFGH')}{r.randint(1, 2999)}"),
            (0.5, lambda: f"{r.randint(101, 2909)}-{r.randint(1, 12)}"),
            (0.3, lambda: str(self.small())),
            (0.3, lambda: f"{r.randint(1, 9)}{r.choice('ABCD')}{r.randint(1, 300)}"),
            (0.15, lambda: f"{plain}{r.choice('ABC')}"),
            (0.1, lambda: f"{plain}-{r.choice('ABCD')}"),
            (0.1, lambda: f"{r.randint(1, 30)}{r.choice('ABCDEF')}-{r.randint(1, 30)}"),
            (0.1, lambda: f"{r.choice('ABCDEF')}-{r.randint(1, 1300)}"),
            (0.06, lambda: f"{r.choice('ABCDEF')}{r.randint(1, 900)}-{r.randint(1, 90)}"),
        )  # fmt: skip
        return n + r.choice(
            ["室"] * 7
            + [""] * 7
            + ["号"] * 2
            + ["房", "房", "房间", "铺", "户", "档", "单元", "号铺"]
        )
